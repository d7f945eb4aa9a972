namespace JwksAuth;

/// <summary>One source of keys as it stands, read from memory.</summary>
public sealed class JwksSourceStatus
{
    /// <summary>The issuer whose keys these are; null when only the address is configured and no metadata was read.</summary>
    public string? Issuer { get; init; }

    /// <summary>The configured address, the <c>jwks_uri</c> or the metadata document, without the values of its query.</summary>
    public required string Address { get; init; }

    /// <summary>Whether an issuer resolver named the source at run time; false for a configured one.</summary>
    public bool IsResolved { get; init; }

    /// <summary>Whether the source can be relied on.</summary>
    public JwksSourceState State { get; init; }

    /// <summary>The keys in force.</summary>
    public IReadOnlyList<JwksKeyStatus> Keys { get; init; } = [];

    /// <summary>How many published keys are not used, by reason in lower snake case, such as <c>unsupported_curve</c>.</summary>
    public IReadOnlyDictionary<string, int> SkippedKeys { get; init; } = new Dictionary<string, int>();

    /// <summary>When this was read, in UTC, by the clock of the source.</summary>
    public DateTimeOffset ReadAt { get; init; }

    /// <summary>When the source was opened, in UTC: at start-up, or when its options changed.</summary>
    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>When the last fetch ended, in UTC; null before the first.</summary>
    public DateTimeOffset? LastFetch { get; init; }

    /// <summary>When the last good fetch ended, in UTC; null before the first.</summary>
    public DateTimeOffset? LastGoodFetch { get; init; }

    /// <summary>When the first of the <see cref="FailuresInARow"/> ended, in UTC; null if the last fetch was good.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>How old the keys are, by the monotonic clock; null before the first good fetch.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>In what time the keys will be too old if no fetch is good until then; null when they never will, or there are none.</summary>
    public TimeSpan? ExpiresIn { get; init; }

    /// <summary>In what time the next background fetch is due; null when none is planned.</summary>
    public TimeSpan? NextFetchIn { get; init; }

    /// <summary>In what time a token with an unknown kid may cause a fetch; zero when it may now.</summary>
    public TimeSpan WindowOpensIn { get; init; }

    /// <summary>How many fetches failed since the last good one.</summary>
    public int FailuresInARow { get; init; }

    /// <summary>Why the last fetch failed; what the issuer wrote is escaped and cut in it; null if it was good.</summary>
    public string? LastError { get; init; }

    /// <summary>How many fetches were made since the source was opened.</summary>
    public long FetchCount { get; init; }

    /// <summary>Whether nobody needs the keys of the issuer, and only its metadata is read.</summary>
    internal bool IsMetadataAlone { get; init; }

    /// <summary>What was counted since the source was opened.</summary>
    public JwksSourceCounters Counters { get; init; } = new();

    /// <summary>The last fetches and rotations, oldest first.</summary>
    public IReadOnlyList<JwksFetchRecord> Timeline { get; init; } = [];
}
