using JwksAuth.Keys.Reading;

namespace JwksAuth.Keys.Retrieval;

/// <param name="Previous">The last valid key set; null if there is none.</param>
/// <param name="Metadata">The last valid metadata; null if there is none.</param>
/// <param name="Reason">An operator's fetch bypasses caches; a token's fetch makes caches revalidate with the issuer.</param>
internal sealed record KeySetRequest(KeySetDocument? Previous, MetadataDocument? Metadata, TimeSpan Timeout, JwksFetchReason Reason)
{
    /// <summary>Whether the metadata may be outdated: the last attempt failed, or one of its addresses proved wrong.</summary>
    public bool MetadataIsSuspect { get; init; }

    /// <summary>The key that a token needs; null for a fetch without a token.</summary>
    public KeyFetch? Wanted { get; init; }

    public bool NeedsKeys { get; init; } = true;

    public Action<MetadataDocument>? MetadataFound { get; init; }

    public bool AsksOrigin => Reason is JwksFetchReason.Operator or JwksFetchReason.Token;

    /// <summary>Whether a key set has the wanted key. An unchanged set does not have a key that was missing before.</summary>
    public bool IsAnsweredBy(KeySetDocument document) =>
        Wanted is not { } wanted
        || (!ReferenceEquals(document.Set, wanted.Seen)
            && (wanted.KeyId is not { } keyId || !document.Set.Find(keyId, wanted.Algorithm).IsEmpty));
}

internal sealed record KeySetDocument(KeySet Set, string Address, string? ETag, byte[] BodyHash)
{
    public IReadOnlyList<SkippedKey> Skipped { get; init; } = [];

    /// <summary>Its body, for other replicas; null if nothing is shared.</summary>
    public byte[]? Body { get; init; }
}

/// <param name="Document">The key set; null after a failure, or if no keys are needed.</param>
/// <param name="FreshFor">The freshness by the caching headers; null if there is none.</param>
internal sealed record KeySetLoad(KeySetDocument? Document, TimeSpan? FreshFor)
{
    /// <summary>The valid metadata of the attempt, whether or not the keys failed; null if there is none.</summary>
    public MetadataDocument? Metadata { get; init; }

    /// <summary>The issuer's <c>Retry-After</c>, bounded; null if there is none.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public FetchFailure? Failure { get; private init; }

    public string? Error { get; private init; }

    public IReadOnlyList<SkippedKey> Skipped { get; init; } = [];

    public static KeySetLoad Failed(FetchFailure failure, string error) => new(null, null) { Failure = failure, Error = error };
}
