namespace JwksAuth.Keys.Remote;

/// <summary>How a fetch ended.</summary>
internal sealed record FetchSummary
{
    /// <summary>Why it was made.</summary>
    public JwksFetchReason Reason { get; init; }

    public TimeSpan Duration { get; init; }

    public JwksRefreshOutcome Outcome { get; init; }

    /// <summary>A fixed word for the failure; null for a good fetch.</summary>
    public string? ErrorType { get; init; }

    /// <summary>The failure in words; null for a good fetch.</summary>
    public string? Error { get; init; }

    /// <summary>How many keys there are to go on with, new or old.</summary>
    public int KeysInForce { get; init; }

    /// <summary>Whether the issuer's name is known: until its metadata was read and taken, a token that names another is refused.</summary>
    public bool IsIssuerConfirmed { get; init; }

    /// <summary>How many kids are new.</summary>
    public int Added { get; init; }

    /// <summary>How many kids are gone.</summary>
    public int Removed { get; init; }

    /// <summary>The kids of the keys that were left out, each with a fixed word for the reason.</summary>
    public IReadOnlyList<(string? KeyId, string Reason)> Skipped { get; init; } = [];
}
