namespace JwksAuth.Keys;

/// <summary>Keys from configuration: an inline JWKS, PEM text or files, certificates. They never change and need no request.</summary>
internal sealed class StaticKeySource(KeySet set) : IKeySource
{
    public KeySet Set { get; } = set;

    public IReadOnlyList<VerificationKey> Current => Set.Keys;

    public bool IsLoaded => true;

    public KeyLookupResult Find(KeyQuery query)
    {
        if (!query.HasKeyId)
            return FoundOrUnknown(Set.FindUnnamed(query), exact: true);

        var named = Set.Find(query.KeyId, query.Algorithm);
        return named.IsEmpty
            ? FoundOrUnknown(Set.FindWithoutKeyId(query.Algorithm), exact: false)
            : KeyLookupResult.Found(named, Set);
    }

    public ValueTask<KeyLookupResult> FetchAsync(KeyFetch fetch, CancellationToken cancellationToken) => new(Find(fetch.ToQuery()));

    public bool IsCurrent(VerificationKey key) => Set.Contains(key);

    private KeyLookupResult FoundOrUnknown(System.Collections.Immutable.ImmutableArray<VerificationKey> keys, bool exact) =>
        keys.IsEmpty ? KeyLookupResult.Unknown(Set) : KeyLookupResult.Found(keys, Set) with { IsExact = exact };
}
