namespace JwksAuth.Keys;

/// <summary>
/// Several sources of one issuer. A key that has the token's kid wins wherever it is; then remote sources may fetch;
/// keys that answer for any kid come last.
/// </summary>
internal sealed class CompositeKeySource(IReadOnlyList<IKeySource> sources) : IKeySource
{
    public string? MetadataIssuer => sources.Select(source => source.MetadataIssuer).FirstOrDefault(issuer => issuer is not null);

    public bool IsLoaded => sources.All(source => source.IsLoaded);

    public KeyLookup Find(KeyQuery query)
    {
        var answer = new Answer();
        foreach (var source in sources)
            answer.Add(source.Find(query), query.HasKeyId);
        return answer.Result;
    }

    public async ValueTask<KeyLookup> FetchAsync(KeyFetch fetch, CancellationToken cancellationToken)
    {
        var answer = new Answer();
        foreach (var source in sources)
        {
            // Each source is told only of its own set: the asker's may be another source's.
            var seen = source.Find(fetch.Query) is { Set: { } set } ? set : null;
            answer.Add(await source.FetchAsync(fetch with { Seen = seen }, cancellationToken), fetch.KeyId is not null);
            if (answer.IsDecided)
                break;
        }

        return answer.Result;
    }

    public bool IsCurrent(VerificationKey key) => sources.Any(source => source.IsCurrent(key));

    private struct Answer
    {
        private KeyLookup? _exact;
        private KeyLookup? _anyKeyId;
        private KeyLookup? _missing;

        public readonly bool IsDecided => _exact is { IsExact: true, Keys.Length: > 0 };

        public readonly KeyLookup Result => (_exact, _missing, _anyKeyId) switch
        {
            ({ } exact, _, _) => exact,
            (null, { Status: KeyLookupStatus.FetchNeeded } missing, _) => missing,
            (null, _, { } anyKeyId) => anyKeyId,
            (null, { } missing, null) => missing,
            _ => KeyLookup.Unknown(null),
        };

        public void Add(KeyLookup lookup, bool hasKeyId)
        {
            if (lookup.Status != KeyLookupStatus.Found)
                _missing = Worse(_missing, lookup);
            else if (!lookup.IsExact)
                _anyKeyId ??= lookup;
            else if (_exact is not { } exact)
                _exact = lookup;
            else if (!hasKeyId)
                _exact = exact with { Keys = exact.Keys.AddRange(lookup.Keys) };
        }

        // "Not reachable" outranks "unknown": the key may be where we could not look.
        private static KeyLookup Worse(KeyLookup? known, KeyLookup next) =>
            known is { } lookup && lookup.Status >= next.Status ? lookup : next;
    }
}
