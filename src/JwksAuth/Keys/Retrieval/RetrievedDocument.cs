using JwksAuth.Keys.Reading;

namespace JwksAuth.Keys.Retrieval;

/// <summary>The response to one request: a body, "not modified", or a named failure.</summary>
/// <param name="Error">The bounded description of the failure for operators, without text from the server.</param>
internal sealed record RetrievedDocument(byte[]? Body, FetchFailure? Failure, string? Error)
{
    public string? ETag { get; init; }

    /// <summary>The remaining freshness by the caching headers; null if there is none.</summary>
    public TimeSpan? FreshFor { get; init; }

    /// <summary>Whether the server answered without a document, rather than failing or being unreachable.</summary>
    public bool IsAbsent { get; init; }

    /// <summary>The server's <c>Retry-After</c>, bounded; null if there is none.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public bool IsNotModified => Body is null && Failure is null;

    public static RetrievedDocument Failed(FetchFailure failure, string error) => new(null, failure, error);
}
