namespace JwksAuth.Keys.Remote;

internal sealed record FetchSummary
{
    public JwksFetchReason Reason { get; init; }

    public TimeSpan Duration { get; init; }

    public JwksRefreshOutcome Outcome { get; init; }

    /// <summary>A fixed word for the failure; null on success.</summary>
    public string? ErrorType { get; init; }

    /// <summary>The description of the failure; null on success.</summary>
    public string? Error { get; init; }

    public int KeysInForce { get; init; }

    /// <summary>Whether the metadata has confirmed the issuer; before that, tokens with another issuer are rejected.</summary>
    public bool IsIssuerConfirmed { get; init; }

    public int Added { get; init; }

    public int Removed { get; init; }

    public IReadOnlyList<(string? KeyId, string Reason)> Skipped { get; init; } = [];
}
