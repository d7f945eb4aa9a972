namespace JwksAuth.Keys;

/// <summary>
/// Several sources of one issuer. A key that has the token's kid wins wherever it is; then remote sources may fetch;
/// keys that answer for any kid come last.
/// </summary>
internal sealed class CompositeKeySource(IKeySource[] sources) : IKeySource
{
    public IReadOnlyList<IKeySource> Sources => sources;

    public IReadOnlyList<VerificationKey> Current => [.. sources.SelectMany(source => source.Current)];

    public bool IsLoaded => Array.TrueForAll(sources, source => source.IsLoaded);

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
            answer.Add(await AskAsync(source, fetch, cancellationToken), fetch.KeyId is not null);
            if (answer.IsDecided)
                break;
        }

        return answer.Result;
    }

    public bool IsCurrent(VerificationKey key)
    {
        foreach (var source in sources)
        {
            if (source.IsCurrent(key))
                return true;
        }

        return false;
    }

    // The set that the asker looked at may be another source's, so each is told of its own; what memory answers by now costs no fetch,
    // unless that very answer is what the asker doubts.
    private static ValueTask<KeyLookup> AskAsync(IKeySource source, KeyFetch fetch, CancellationToken cancellationToken)
    {
        var known = source.Find(fetch.ToQuery());
        return known.Status == KeyLookupStatus.Found && !ReferenceEquals(known.Set, fetch.Seen)
            ? new(known)
            : source.FetchAsync(fetch with { Seen = known.Set }, cancellationToken);
    }

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
