namespace JwksAuth.Keys;

/// <summary>Keys from configuration: an inline JWKS, PEM text or files, certificates. They never change and need no request.</summary>
internal sealed class StaticKeySource(KeySet set) : IKeySource
{
    public KeySet Set { get; } = set;

    public IReadOnlyList<VerificationKey> Current => Set.Keys;

    public bool IsLoaded => true;

    public KeyLookup Find(KeyQuery query)
    {
        if (!query.HasKeyId)
            return FoundOrUnknown(Set.FindUnnamed(query), exact: true);

        var named = Set.Find(query.KeyId, query.Algorithm);
        return named.IsEmpty
            ? FoundOrUnknown(Set.FindWithoutKeyId(query.Algorithm), exact: false)
            : KeyLookup.Found(named, Set);
    }

    public ValueTask<KeyLookup> FetchAsync(KeyFetch fetch, CancellationToken cancellationToken) => new(Find(fetch.ToQuery()));

    public bool IsCurrent(VerificationKey key) => Set.Contains(key);

    private KeyLookup FoundOrUnknown(System.Collections.Immutable.ImmutableArray<VerificationKey> keys, bool exact) =>
        keys.IsEmpty ? KeyLookup.Unknown(Set) : KeyLookup.Found(keys, Set) with { IsExact = exact };
}
