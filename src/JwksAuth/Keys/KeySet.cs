using System.Collections.Immutable;

namespace JwksAuth.Keys;

/// <summary>All verification keys of one source at one moment: immutable, indexed by kid and algorithm, swapped as a whole.</summary>
internal sealed class KeySet
{
    /// <summary>The most keys that one token is checked against, whatever the set holds under one kid.</summary>
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
            .ToDictionary(group => group.Key, group => new KeysByAlgorithm(keys.Where(key => key.CertificateThumbprints.Contains(group.Key))), StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();
        _all = new KeysByAlgorithm(keys, MaximumChecksPerToken + 1);
        _withoutKeyId = new KeysByAlgorithm(keys.Where(key => key.KeyId is null));
        _members = keys.ToHashSet();
        MayChangeUnnamed = keys.Count == 0 || keys.Any(key => key.KeyId is null);
    }

    public static KeySet Empty { get; } = new([]);

    public IReadOnlyList<VerificationKey> Keys { get; }

    /// <summary>Whether the issuer may replace keys without any kid to tell it by: some key has none, or there is no key.</summary>
    public bool MayChangeUnnamed { get; }

    public bool Contains(VerificationKey key) => _members.Contains(key);

    public bool Knows(ReadOnlySpan<char> keyId) => _byKeyId.ContainsKey(keyId);

    /// <summary>The keys of exactly this kid (compared ordinally) that may verify the algorithm, at most four.</summary>
    public ImmutableArray<VerificationKey> Find(ReadOnlySpan<char> keyId, SignatureAlgorithm algorithm) =>
        _byKeyId.TryGetValue(keyId, out var keys) ? keys.For(algorithm) : [];

    /// <summary>Every key that may verify the algorithm: the candidates of a token without a kid, one more than four at most.</summary>
    public ImmutableArray<VerificationKey> FindAny(SignatureAlgorithm algorithm) => _all.For(algorithm);

    /// <summary>The candidates of a token without a kid: the key whose certificate it names, if exactly one has it; otherwise every key that fits.</summary>
    public ImmutableArray<VerificationKey> FindUnnamed(KeyQuery query) =>
        !query.CertificateThumbprint.IsEmpty && _byCertificate.TryGetValue(query.CertificateThumbprint, out var keys) && keys.For(query.Algorithm) is { IsEmpty: false } named
            ? named
            : FindAny(query.Algorithm);

    /// <summary>Keys that were published or configured without a kid, at most four.</summary>
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
