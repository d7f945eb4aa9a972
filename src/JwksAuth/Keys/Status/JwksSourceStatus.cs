namespace JwksAuth;

/// <summary>The status of one key source, read from memory.</summary>
public sealed class JwksSourceStatus
{
    /// <summary>The issuer of the keys; null if only the address is configured and no metadata has been read.</summary>
    public string? Issuer { get; init; }

    /// <summary>The configured address of the JWKS or the metadata document, without query values.</summary>
    public required string Address { get; init; }

    /// <summary>Whether an issuer resolver named the source at run time; false for a configured one.</summary>
    public bool IsResolved { get; init; }

    /// <summary>The state of the source.</summary>
    public JwksSourceState State { get; init; }

    /// <summary>The keys in use.</summary>
    public IReadOnlyList<JwksKeyStatus> Keys { get; init; } = [];

    /// <summary>The number of unusable published keys, by reason in lower snake case, such as <c>unsupported_curve</c>.</summary>
    public IReadOnlyDictionary<string, int> SkippedKeys { get; init; } = new Dictionary<string, int>();

    /// <summary>When this status was read, in UTC, by the clock of the source.</summary>
    public DateTimeOffset ReadAt { get; init; }

    /// <summary>When the source was opened, in UTC: at start-up, or when its options changed.</summary>
    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>When the last fetch ended, in UTC; null before the first.</summary>
    public DateTimeOffset? LastFetch { get; init; }

    /// <summary>When the last successful fetch ended, in UTC; null before the first.</summary>
    public DateTimeOffset? LastGoodFetch { get; init; }

    /// <summary>When the first of the <see cref="FailuresInARow"/> ended, in UTC; null if the last fetch succeeded.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>The age of the keys, by the monotonic clock; null before the first successful fetch.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>Time until the keys expire, unless a fetch succeeds first; null if they never expire, or there are none.</summary>
    public TimeSpan? ExpiresIn { get; init; }

    /// <summary>Time until the next background fetch; null if none is scheduled.</summary>
    public TimeSpan? NextFetchIn { get; init; }

    /// <summary>Time until a token with an unknown kid may cause a fetch (the rest of the cooldown); zero if it may now.</summary>
    public TimeSpan CooldownEndsIn { get; init; }

    /// <summary>The number of failed fetches since the last successful one.</summary>
    public int FailuresInARow { get; init; }

    /// <summary>Why the last fetch failed, with the issuer's text escaped and truncated; null if it succeeded.</summary>
    public string? LastError { get; init; }

    /// <summary>The number of fetches since the source was opened.</summary>
    public long FetchCount { get; init; }

    /// <summary>Whether only the metadata is needed, and no keys are fetched.</summary>
    internal bool IsMetadataAlone { get; init; }

    /// <summary>The counters since the source was opened.</summary>
    public JwksSourceCounters Counters { get; init; } = new();

    /// <summary>The last fetches and rotations, oldest first.</summary>
    public IReadOnlyList<JwksFetchRecord> Timeline { get; init; } = [];
}
