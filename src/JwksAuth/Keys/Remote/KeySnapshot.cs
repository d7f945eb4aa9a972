using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Keys.Remote;

/// <summary>The state that readers of a remote source see, replaced as a whole.</summary>
/// <param name="BegunAt">The monotonic time at which its fetch began.</param>
/// <param name="ConfirmedAt">The monotonic time of the last successful fetch.</param>
/// <param name="FreshFor">The freshness by the caching headers; null if there is none.</param>
/// <param name="Version">The fleet's number of the fetch; null if the replica fetched alone.</param>
internal sealed record KeySnapshot(KeySetDocument Document, long BegunAt, long ConfirmedAt, TimeSpan? FreshFor, long? Version)
{
    public KeySet Set { get; } = Document.Set;

    public KeyLookupResult Find(KeyQuery query)
    {
        // A replacement of keys without a kid shows only in tokens that none of them verifies.
        if (!query.HasKeyId)
        {
            var missing = Set.MayChangeUnnamed ? KeyLookupResult.FetchNeeded(Set) : KeyLookupResult.Unknown(Set);
            return KeyLookupResult.FoundOr(
                missing, Set.FindUnnamed(query), Set) with
            { MayBeOutdated = !Set.FindWithoutKeyId(query.Algorithm).IsEmpty };
        }

        // A kid whose key does not fit the algorithm may have another key that does: handled as an unknown key.
        return KeyLookupResult.FoundOr(KeyLookupResult.FetchNeeded(Set), Set.Find(query.KeyId, query.Algorithm), Set);
    }

    /// <summary>Whether these keys are from a later fetch: by number within the fleet, otherwise by start time.</summary>
    public bool IsLaterThan(long begunAt, long? version) => Version is { } one && version is { } other ? one > other : BegunAt > begunAt;
}
