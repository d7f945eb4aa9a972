using System.Collections.Immutable;

namespace JwksAuth.Keys;

internal enum KeyLookupStatus
{
    Found,
    Unknown,

    /// <summary>The kid is new, or there is no usable set: ask again with <see cref="IKeySource.FetchAsync"/>.</summary>
    FetchNeeded,
    Unavailable,
}

/// <summary>The result of a key lookup for one token.</summary>
/// <param name="Keys">The matching keys; empty unless found.</param>
/// <param name="Set">The set that was searched, for a later fetch; null if there was none.</param>
internal readonly record struct KeyLookupResult(KeyLookupStatus Status, ImmutableArray<VerificationKey> Keys, KeySet? Set)
{
    public bool IsExact { get; init; } = true;

    /// <summary>
    /// Whether a fetch may provide another key if none of these verifies a signature: they have no kid, so a rotation goes unnoticed, or a
    /// source that could have the key cannot answer from memory.
    /// </summary>
    public bool MayBeOutdated { get; init; }

    /// <summary>When to try again; set when unavailable, or if a source that could have the key is unavailable.</summary>
    public TimeSpan RetryAfter { get; init; }

    public static KeyLookupResult Unknown(KeySet? set) => new(KeyLookupStatus.Unknown, [], set);

    public static KeyLookupResult FetchNeeded(KeySet? set) => new(KeyLookupStatus.FetchNeeded, [], set);

    public static KeyLookupResult Unavailable(TimeSpan retryAfter) =>
        new(KeyLookupStatus.Unavailable, [], null) { RetryAfter = retryAfter };

    public static KeyLookupResult Found(ImmutableArray<VerificationKey> keys, KeySet set) => new(KeyLookupStatus.Found, keys, set);

    public static KeyLookupResult FoundOr(KeyLookupResult other, ImmutableArray<VerificationKey> keys, KeySet set) =>
        keys.IsEmpty ? other : Found(keys, set);
}

/// <summary>The kid, if any, and the algorithm of a token.</summary>
internal readonly ref struct KeyQuery(bool hasKeyId, ReadOnlySpan<char> keyId, SignatureAlgorithm algorithm)
{
    public bool HasKeyId { get; } = hasKeyId;

    public ReadOnlySpan<char> KeyId { get; } = keyId;

    public SignatureAlgorithm Algorithm { get; } = algorithm;

    /// <summary>The certificate thumbprint in the token (RFC 7515 sections 4.1.7 and 4.1.8); empty if absent.</summary>
    public ReadOnlySpan<char> CertificateThumbprint { get; init; }
}

/// <summary>A query that needs a fetch, in a form that outlives the token's buffer.</summary>
/// <param name="KeyId">The kid; null if the token has none.</param>
/// <param name="Seen">The set that the caller searched; no fetch is needed if it has been replaced.</param>
/// <param name="Wait">How long the request may be held until the cooldown ends; zero for no wait.</param>
internal readonly record struct KeyFetch(string? KeyId, SignatureAlgorithm Algorithm, KeySet? Seen, TimeSpan Wait)
{
    public bool KeepsUsableSet { get; init; }

    /// <summary>Whether a lookup answers the query: only another set than the one that the caller searched can.</summary>
    public bool IsAnsweredBy(KeyLookupResult lookup) => lookup.Status != KeyLookupStatus.FetchNeeded && !ReferenceEquals(lookup.Set, Seen);

    public KeyQuery ToQuery() => new(KeyId is not null, KeyId, Algorithm);
}
