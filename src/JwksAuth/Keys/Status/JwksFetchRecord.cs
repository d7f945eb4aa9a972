namespace JwksAuth;

/// <summary>A fetch in the history of a source.</summary>
public sealed class JwksFetchRecord
{
    /// <summary>When the fetch ended, in UTC.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The duration of the fetch.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The reason for the fetch.</summary>
    public JwksFetchReason Reason { get; init; }

    /// <summary>The outcome of the fetch.</summary>
    public JwksRefreshOutcome Outcome { get; init; }

    /// <summary>Why the fetch failed, with the issuer's text escaped and truncated; null if it did not fail.</summary>
    public string? Error { get; init; }

    /// <summary>The first new kids, at most ten, truncated to 64 characters. Text from the issuer: escape it before display.</summary>
    public IReadOnlyList<string> AddedKeyIds { get; init; } = [];

    /// <summary>The first removed kids, at most ten, truncated to 64 characters. Text from the issuer: escape it before display.</summary>
    public IReadOnlyList<string> RemovedKeyIds { get; init; } = [];
}
