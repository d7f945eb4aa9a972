
using JwksAuth.Keys.Reading;

namespace JwksAuth.Keys.Retrieval;

/// <summary>What one attempt starts from.</summary>
/// <param name="Previous">The last good set of keys; null if there is none.</param>
/// <param name="Metadata">The last good metadata; null if there is none.</param>
/// <param name="Timeout">How long the whole attempt may take.</param>
/// <param name="Reason">Who asks: an operator takes nothing from a cache, and a token takes nothing from a cache that has not asked the issuer.</param>
internal sealed record KeySetRequest(KeySetDocument? Previous, MetadataDocument? Metadata, TimeSpan Timeout, JwksFetchReason Reason)
{
    /// <summary>Whether the metadata at hand may be out of date: the last attempt failed, or an address in it proved wrong.</summary>
    public bool MetadataIsSuspect { get; init; }

    /// <summary>The key that a token waits for; null if no token does.</summary>
    public KeyFetch? Wanted { get; init; }

    /// <summary>Whether anybody needs keys; without them the metadata is the whole answer.</summary>
    public bool NeedsKeys { get; init; } = true;

    /// <summary>Hears of good metadata at once, because whoever needs no keys need not wait for them.</summary>
    public Action<MetadataDocument>? MetadataFound { get; init; }

    public bool AsksOrigin => Reason is JwksFetchReason.Operator or JwksFetchReason.Token;

    /// <summary>Whether a set of keys has what is asked for. A set that stayed the same has no key that a token missed in it.</summary>
    public bool IsAnsweredBy(KeySetDocument document) =>
        Wanted is not { } wanted
        || (!ReferenceEquals(document.Set, wanted.Seen) && (wanted.KeyId is not { } keyId || !document.Set.Find(keyId, wanted.Algorithm).IsEmpty));
}

/// <summary>A good set of keys.</summary>
/// <param name="Set">The keys read from it.</param>
/// <param name="Address">Where it came from.</param>
/// <param name="ETag">Its entity tag; null if it had none.</param>
/// <param name="BodyHash">The SHA-256 of its body, to see whether the next one differs.</param>
internal sealed record KeySetDocument(KeySet Set, string Address, string? ETag, byte[] BodyHash)
{
    /// <summary>The keys in it that are not used.</summary>
    public IReadOnlyList<SkippedKey> Skipped { get; init; } = [];

    /// <summary>Its body, to be shared with other replicas; null if nobody shares it.</summary>
    public byte[]? Body { get; init; }
}

/// <summary>The outcome of one attempt.</summary>
/// <param name="Document">The good set of keys; null if the attempt failed, and where nobody needs keys.</param>
/// <param name="FreshFor">What the caching headers allow; null when they say nothing usable.</param>
internal sealed record KeySetLoad(KeySetDocument? Document, TimeSpan? FreshFor)
{
    /// <summary>The good metadata that the attempt found or went by, whatever came of the keys; null if there is none.</summary>
    public MetadataDocument? Metadata { get; init; }

    /// <summary>How long the issuer asks to be left alone, bounded; null if it does not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Why the attempt failed; null if it did not.</summary>
    public FetchFailure? Failure { get; private init; }

    /// <summary>The failure in words for operators.</summary>
    public string? Error { get; private init; }

    /// <summary>The keys that were left out, by reason.</summary>
    public IReadOnlyList<SkippedKey> Skipped { get; init; } = [];

    public static KeySetLoad Failed(FetchFailure failure, string error) => new(null, null) { Failure = failure, Error = error };
}
