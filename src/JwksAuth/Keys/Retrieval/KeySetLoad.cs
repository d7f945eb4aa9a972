using JwksAuth.Diagnostics;
using JwksAuth.Keys.Reading;

namespace JwksAuth.Keys.Retrieval;

/// <summary>What one attempt starts from.</summary>
/// <param name="Previous">The last good answer; null if there is none.</param>
/// <param name="Timeout">How long the whole attempt may take.</param>
/// <param name="BypassCaches">Whether caches on the way must be passed by: an operator asked.</param>
/// <param name="MetadataIsSuspect">Whether the last attempt failed, perhaps because the keys have moved.</param>
internal sealed record KeySetRequest(KeySetDocument? Previous, TimeSpan Timeout, bool BypassCaches, bool MetadataIsSuspect);

/// <summary>A good answer of an issuer.</summary>
/// <param name="Set">The keys read from it.</param>
/// <param name="Address">Where it came from.</param>
/// <param name="Metadata">The metadata that named the address; null if the address was configured.</param>
/// <param name="ETag">Its entity tag; null if it had none.</param>
/// <param name="BodyHash">The SHA-256 of its body, to see whether the next one differs.</param>
internal sealed record KeySetDocument(KeySet Set, string Address, MetadataDocument? Metadata, string? ETag, byte[] BodyHash)
{
    /// <summary>The keys in it that are not used.</summary>
    public IReadOnlyList<SkippedKey> Skipped { get; init; } = [];

    /// <summary>Its body, to be shared with other replicas; null if nobody shares it.</summary>
    public byte[]? Body { get; init; }
}

/// <summary>The outcome of one attempt.</summary>
/// <param name="Document">The good answer; null if the attempt failed.</param>
/// <param name="FreshFor">What the caching headers allow; null when they say nothing usable.</param>
internal sealed record KeySetLoad(KeySetDocument? Document, TimeSpan? FreshFor)
{
    /// <summary>Why there is no document; null if there is one.</summary>
    public FetchFailure? Failure { get; private init; }

    /// <summary>The failure in words for operators.</summary>
    public string? Error { get; private init; }

    /// <summary>The keys that were left out, by reason.</summary>
    public IReadOnlyList<SkippedKey> Skipped { get; init; } = [];

    public FetchSummary Describe(JwksFetchReason reason, JwksRefreshResult result, TimeSpan duration, int failuresBefore) => new()
    {
        Reason = reason,
        Duration = duration,
        FailuresBefore = failuresBefore,
        Outcome = result.Outcome,
        ErrorType = Failure?.ToWord(),
        Error = Error,
        Added = result.AddedKeyIds.Count,
        Removed = result.RemovedKeyIds.Count,
        Skipped = [.. Skipped.Select(skipped => (skipped.KeyId, skipped.Reason.ToWord()))],
    };

    public static KeySetLoad Failed(FetchFailure failure, string error) => new(null, null) { Failure = failure, Error = error };
}
