using JwksAuth.Diagnostics;
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Keys;

/// <summary>What readers of a remote source see: replaced as a whole.</summary>
/// <param name="Document">The last good answer.</param>
/// <param name="BegunAt">The monotonic time at which the fetch that brought it began.</param>
/// <param name="ConfirmedAt">The monotonic time of the last good fetch.</param>
/// <param name="FreshFor">What its caching headers allow; null when they say nothing usable.</param>
/// <param name="Version">The fleet's number of that fetch; null if it was made alone.</param>
internal sealed record KeySnapshot(KeySetDocument Document, long BegunAt, long ConfirmedAt, TimeSpan? FreshFor, long? Version)
{
    public KeySet Set { get; } = Document.Set;

    /// <param name="isFresh">Whether the keys may be used: keys that are too old do not count.</param>
    /// <param name="time">The clock of the source.</param>
    public KeySetReading Read(bool isFresh, TimeProvider time) => new(isFresh ? Set.Keys.Count : 0, time.GetElapsedTime(ConfirmedAt));
}
