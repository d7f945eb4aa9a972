using System.Collections.Immutable;

namespace JwksAuth.Keys;

/// <summary>Several sources of one issuer: keys with the token's kid first, then a fetch, then keys without a kid; at most four.</summary>
internal sealed class CompositeKeySource(IKeySource[] sources) : IKeySource
{
    public IReadOnlyList<IKeySource> Sources => sources;

    public IReadOnlyList<VerificationKey> Current => [.. sources.SelectMany(source => source.Current)];

    public bool IsLoaded => Array.TrueForAll(sources, source => source.IsLoaded);

    public KeyLookupResult Find(KeyQuery query)
    {
        var answer = new Answer();
        foreach (var source in sources)
            answer.Add(source.Find(query), query.HasKeyId);
        return answer.Result;
    }

    public async ValueTask<KeyLookupResult> FetchAsync(KeyFetch fetch, CancellationToken cancellationToken)
    {
        var answer = new Answer();
        foreach (var source in sources)
        {
            // With a matching key, no other source needs to fetch.
            var lookup = answer.HasOtherThan(fetch.Seen) ? source.Find(fetch.ToQuery()) : await AskAsync(source, fetch, cancellationToken);
            answer.Add(lookup, fetch.KeyId is not null);
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

    // The set that the caller saw may belong to another source, so each source gets its own. An answer in memory needs no fetch, unless the
    // caller doubts that answer.
    private static ValueTask<KeyLookupResult> AskAsync(IKeySource source, KeyFetch fetch, CancellationToken cancellationToken)
    {
        var known = source.Find(fetch.ToQuery());
        return known.Status == KeyLookupStatus.Found && !ReferenceEquals(known.Set, fetch.Seen)
            ? new(known)
            : source.FetchAsync(fetch with { Seen = known.Set }, cancellationToken);
    }

    private struct Answer
    {
        private KeyLookupResult? _exact;
        private KeyLookupResult? _anyKeyId;
        private KeyLookupResult? _missing;

        public readonly KeyLookupResult Result => (_exact, _missing, _anyKeyId) switch
        {
            ({ } exact, var missing, var anyKeyId) => exact with
            {
                Keys = anyKeyId is { } more ? Join(exact.Keys, more.Keys, KeySet.MaximumChecksPerToken) : exact.Keys,
                MayBeOutdated = exact.MayBeOutdated || missing is { Status: KeyLookupStatus.FetchNeeded },
                RetryAfter = missing is { Status: KeyLookupStatus.Unavailable } unavailable ? unavailable.RetryAfter : TimeSpan.Zero,
            },
            (null, { Status: KeyLookupStatus.FetchNeeded } missing, _) => missing,
            (null, _, { } anyKeyId) => anyKeyId,
            (null, { } missing, null) => missing,
            _ => KeyLookupResult.Unknown(null),
        };

        public readonly bool HasOtherThan(KeySet? doubted) => _exact is { } exact && !ReferenceEquals(exact.Set, doubted);

        public void Add(KeyLookupResult lookup, bool hasKeyId)
        {
            if (lookup.Status != KeyLookupStatus.Found)
                _missing = Worse(_missing, lookup);
            else if (!lookup.IsExact)
                _anyKeyId = Join(_anyKeyId, lookup, KeySet.MaximumChecksPerToken);
            else
                _exact = Join(_exact, lookup, hasKeyId ? KeySet.MaximumChecksPerToken : KeySet.MaximumChecksPerToken + 1);
        }

        private static KeyLookupResult Join(KeyLookupResult? known, KeyLookupResult next, int most) => known is { } lookup
            ? lookup with { Keys = Join(lookup.Keys, next.Keys, most), MayBeOutdated = lookup.MayBeOutdated || next.MayBeOutdated }
            : next;

        private static ImmutableArray<VerificationKey> Join(
            ImmutableArray<VerificationKey> some, ImmutableArray<VerificationKey> others, int most) =>
            [.. some.Concat(others).Distinct().Take(most)];

        // "Unavailable" outranks "unknown": an unavailable source may have the key.
        private static KeyLookupResult Worse(KeyLookupResult? known, KeyLookupResult next) =>
            known is { } lookup && lookup.Status >= next.Status ? lookup : next;
    }
}
