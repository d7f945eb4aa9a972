using System.Collections.Immutable;

namespace JwksAuth.Keys;

/// <summary>An immutable snapshot of a source's verification keys, indexed by kid and algorithm.</summary>
internal sealed class KeySet
{
    /// <summary>The maximum number of keys tried for one token.</summary>
    public const int MaximumChecksPerToken = 4;

    private readonly Dictionary<string, KeysByAlgorithm>.AlternateLookup<ReadOnlySpan<char>> _byKeyId;
    private readonly Dictionary<string, KeysByAlgorithm>.AlternateLookup<ReadOnlySpan<char>> _byCertificate;
    private readonly KeysByAlgorithm _all;
    private readonly KeysByAlgorithm _withoutKeyId;
    private readonly HashSet<VerificationKey> _members;

    public KeySet(IReadOnlyList<VerificationKey> keys)
    {
        Keys = keys;
        _byKeyId = keys
            .Where(key => key.KeyId is not null)
            .GroupBy(key => key.KeyId!, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => new KeysByAlgorithm(group), StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();
        _byCertificate = keys
            .SelectMany(key => key.CertificateThumbprints.Distinct(StringComparer.Ordinal))
            .GroupBy(thumbprint => thumbprint, StringComparer.Ordinal)
            .Where(group => group.Count() == 1)
            .ToDictionary(group => group.Key,
                group => new KeysByAlgorithm(keys.Where(key => key.CertificateThumbprints.Contains(group.Key))), StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();
        _all = new KeysByAlgorithm(keys, MaximumChecksPerToken + 1);
        _withoutKeyId = new KeysByAlgorithm(keys.Where(key => key.KeyId is null));
        _members = keys.ToHashSet();
        MayChangeUnnamed = keys.Count == 0 || keys.Any(key => key.KeyId is null);
    }

    public static KeySet Empty { get; } = new([]);

    public IReadOnlyList<VerificationKey> Keys { get; }

    /// <summary>Whether keys can change without a new kid: a key has no kid, or the set is empty.</summary>
    public bool MayChangeUnnamed { get; }

    public bool Contains(VerificationKey key) => _members.Contains(key);

    /// <summary>The keys with exactly this kid (ordinal comparison) for the algorithm, at most four.</summary>
    public ImmutableArray<VerificationKey> Find(ReadOnlySpan<char> keyId, SignatureAlgorithm algorithm) =>
        _byKeyId.TryGetValue(keyId, out var keys) ? keys.For(algorithm) : [];

    /// <summary>All keys for the algorithm, as candidates of a token without a kid; at most five.</summary>
    public ImmutableArray<VerificationKey> FindAny(SignatureAlgorithm algorithm) => _all.For(algorithm);

    /// <summary>The candidates for a token without a kid: the only key with its thumbprint, or all keys for the algorithm.</summary>
    public ImmutableArray<VerificationKey> FindUnnamed(KeyQuery query) =>
        !query.CertificateThumbprint.IsEmpty && _byCertificate.TryGetValue(query.CertificateThumbprint, out var keys)
            && keys.For(query.Algorithm) is { IsEmpty: false } named
            ? named
            : FindAny(query.Algorithm);

    /// <summary>The keys without a kid for the algorithm, at most four.</summary>
    public ImmutableArray<VerificationKey> FindWithoutKeyId(SignatureAlgorithm algorithm) => _withoutKeyId.For(algorithm);

    private sealed class KeysByAlgorithm
    {
        private readonly ImmutableArray<VerificationKey>[] _keys = new ImmutableArray<VerificationKey>[SignatureAlgorithms.Count];

        public KeysByAlgorithm(IEnumerable<VerificationKey> keys, int most = MaximumChecksPerToken)
        {
            var all = keys.ToArray();
            foreach (var algorithm in SignatureAlgorithms.All)
                _keys[(int)algorithm] = Fitting(all, algorithm, most);
        }

        public ImmutableArray<VerificationKey> For(SignatureAlgorithm algorithm) => _keys[(int)algorithm];

        private static ImmutableArray<VerificationKey> Fitting(VerificationKey[] keys, SignatureAlgorithm algorithm, int most) =>
            [.. keys.Where(key => key.Algorithms.Contains(algorithm)).Take(most)];
    }
}
