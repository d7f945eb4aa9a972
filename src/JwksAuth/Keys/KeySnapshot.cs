using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Keys;

/// <summary>What readers of a remote source see: replaced as a whole.</summary>
/// <param name="Document">The last good answer.</param>
/// <param name="ConfirmedAt">The monotonic time of the last good fetch.</param>
internal sealed record KeySnapshot(KeySetDocument Document, long ConfirmedAt)
{
    public KeySet Set { get; } = Document.Set;
}
