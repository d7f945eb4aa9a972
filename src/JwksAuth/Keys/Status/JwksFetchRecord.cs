namespace JwksAuth;

/// <summary>One fetch in the history of a source.</summary>
public sealed class JwksFetchRecord
{
    /// <summary>When it ended, in UTC.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Why it was made.</summary>
    public JwksFetchReason Reason { get; init; }

    /// <summary>What came of it.</summary>
    public JwksRefreshOutcome Outcome { get; init; }

    /// <summary>Why it failed; what the issuer wrote is escaped and cut in it; null if it did not fail.</summary>
    public string? Error { get; init; }

    /// <summary>The first kids that were new, at most ten, each cut at 64 characters. Text from the issuer: escape it before showing it.</summary>
    public IReadOnlyList<string> AddedKeyIds { get; init; } = [];

    /// <summary>The first kids that were gone, at most ten, each cut at 64 characters.</summary>
    public IReadOnlyList<string> RemovedKeyIds { get; init; } = [];
}
