using System.Collections.Immutable;

namespace JwksAuth.Keys;

internal enum KeyLookupStatus
{
    /// <summary>At least one key fits.</summary>
    Found,

    /// <summary>The source is usable and has no such key; no fetch was due.</summary>
    Unknown,

    /// <summary>Memory cannot answer: the kid is new, or there is no usable set. Ask again with <see cref="IKeySource.FetchAsync"/>.</summary>
    FetchNeeded,

    /// <summary>There is no usable set and none could be fetched.</summary>
    Unavailable,
}

/// <summary>The answer of a key source about one token.</summary>
/// <param name="Status">What the source can say.</param>
/// <param name="Keys">The fitting keys; empty unless found.</param>
/// <param name="Set">The set that the answer was read from, to be named when a fetch is asked for; null if there was none.</param>
internal readonly record struct KeyLookup(KeyLookupStatus Status, ImmutableArray<VerificationKey> Keys, KeySet? Set)
{
    /// <summary>False when the keys answer for any kid, and so only after no source knew the kid itself.</summary>
    public bool IsExact { get; init; } = true;

    /// <summary>
    /// Whether a signature that none of the keys verifies may be by a key that a fetch would bring: the keys have no kid to tell a rotation by, or a source
    /// that could have the key too cannot answer from memory.
    /// </summary>
    public bool MayBeOutdated { get; init; }

    /// <summary>When asking again may help; set when unavailable, and where a source that could have the key too is out of reach.</summary>
    public TimeSpan RetryAfter { get; init; }

    public static KeyLookup Unknown(KeySet? set) => new(KeyLookupStatus.Unknown, [], set);

    public static KeyLookup FetchNeeded(KeySet? set) => new(KeyLookupStatus.FetchNeeded, [], set);

    public static KeyLookup Unavailable(TimeSpan retryAfter) => new(KeyLookupStatus.Unavailable, [], null) { RetryAfter = retryAfter };

    public static KeyLookup Found(ImmutableArray<VerificationKey> keys, KeySet set) => new(KeyLookupStatus.Found, keys, set);

    /// <summary>The fitting keys or, when there are none, the other answer.</summary>
    public static KeyLookup FoundOr(KeyLookup other, ImmutableArray<VerificationKey> keys, KeySet set) =>
        keys.IsEmpty ? other : Found(keys, set);
}

/// <summary>What a token names of its key: the kid, if any, and the algorithm.</summary>
internal readonly ref struct KeyQuery(bool hasKeyId, ReadOnlySpan<char> keyId, SignatureAlgorithm algorithm)
{
    public bool HasKeyId { get; } = hasKeyId;

    public ReadOnlySpan<char> KeyId { get; } = keyId;

    public SignatureAlgorithm Algorithm { get; } = algorithm;

    /// <summary>The certificate thumbprint that the token names (RFC 7515 sections 4.1.7 and 4.1.8); empty if it names none.</summary>
    public ReadOnlySpan<char> CertificateThumbprint { get; init; }
}

/// <summary>A question that memory could not answer, in a form that outlives the token's buffer.</summary>
/// <param name="KeyId">The kid; null when the token has none.</param>
/// <param name="Algorithm">The token's algorithm.</param>
/// <param name="Seen">The set that the asker looked at: if another has replaced it meanwhile, no fetch is made.</param>
/// <param name="Wait">How long the asker may be held for the window to open; zero answers at once.</param>
internal readonly record struct KeyFetch(string? KeyId, SignatureAlgorithm Algorithm, KeySet? Seen, TimeSpan Wait)
{
    /// <summary>Whether an unknown key leaves a usable set as it is, without a fetch.</summary>
    public bool KeepsUsableSet { get; init; }

    /// <summary>Whether an answer is news: the asker doubted the set that it looked at, so only another one that has a fitting key answers.</summary>
    public bool IsAnsweredBy(KeyLookup lookup) => lookup.Status != KeyLookupStatus.FetchNeeded && !ReferenceEquals(lookup.Set, Seen);

    public KeyQuery ToQuery() => new(KeyId is not null, KeyId, Algorithm);
}
