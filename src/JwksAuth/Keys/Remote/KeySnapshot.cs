
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Keys.Remote;

/// <summary>What readers of a remote source see: replaced as a whole.</summary>
/// <param name="Document">The last good answer.</param>
/// <param name="BegunAt">The monotonic time at which the fetch that brought it began.</param>
/// <param name="ConfirmedAt">The monotonic time of the last good fetch.</param>
/// <param name="FreshFor">What its caching headers allow; null when they say nothing usable.</param>
/// <param name="Version">The fleet's number of that fetch; null if it was made alone.</param>
internal sealed record KeySnapshot(KeySetDocument Document, long BegunAt, long ConfirmedAt, TimeSpan? FreshFor, long? Version)
{
    public KeySet Set { get; } = Document.Set;

    public KeyLookup Find(KeyQuery query)
    {
        // Keys without a kid are replaced without any other sign than a token that none of them verifies.
        if (!query.HasKeyId)
        {
            var missing = Set.MayChangeUnnamed ? KeyLookup.FetchNeeded(Set) : KeyLookup.Unknown(Set);
            return KeyLookup.FoundOr(missing, Set.FindUnnamed(query), Set) with { MayBeOutdated = !Set.FindWithoutKeyId(query.Algorithm).IsEmpty };
        }

        // A kid that is there but does not fit the algorithm may have got a twin that does: the issuer is asked as for any unknown key.
        return KeyLookup.FoundOr(KeyLookup.FetchNeeded(Set), Set.Find(query.KeyId, query.Algorithm), Set);
    }

    /// <summary>
    /// Whether these keys are from a later fetch than another. Two fetches of the fleet are told apart by their numbers; one made alone has none, and is
    /// told apart by when it began: only a fetch that began after a withdrawal surely knows of it.
    /// </summary>
    public bool IsLaterThan(long begunAt, long? version) => Version is { } one && version is { } other ? one > other : BegunAt > begunAt;
}
