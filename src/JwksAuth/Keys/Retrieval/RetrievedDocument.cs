using JwksAuth.Keys.Reading;

namespace JwksAuth.Keys.Retrieval;

/// <summary>One answer to one request: a body, "not modified", or a named failure.</summary>
/// <param name="Body">The whole body; null if not modified or failed.</param>
/// <param name="Failure">Why there is nothing; null for a good answer.</param>
/// <param name="Error">The failure in words for operators; bounded, and free of anything that the server wrote.</param>
internal sealed record RetrievedDocument(byte[]? Body, FetchFailure? Failure, string? Error)
{
    /// <summary>The entity tag to send with the next request; null if there was none.</summary>
    public string? ETag { get; init; }

    /// <summary>What the caching headers still allow; null when they say nothing usable.</summary>
    public TimeSpan? FreshFor { get; init; }

    /// <summary>True when the server answers, and not with a document, as opposed to failing or being out of reach.</summary>
    public bool IsAbsent { get; init; }

    /// <summary>How long the server asks to be left alone, bounded; null if it does not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public bool IsNotModified => Body is null && Failure is null;

    public static RetrievedDocument Failed(FetchFailure failure, string error) => new(null, failure, error);
}
