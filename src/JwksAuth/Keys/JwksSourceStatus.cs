namespace JwksAuth;

/// <summary>One source of keys as it stands, read from memory.</summary>
public sealed class JwksSourceStatus
{
    internal JwksSourceStatus()
    {
    }

    /// <summary>The issuer whose keys these are; null when only the address is configured and no metadata was read.</summary>
    public string? Issuer { get; internal init; }

    /// <summary>The configured address: the <c>jwks_uri</c> or the metadata document.</summary>
    public required string Address { get; init; }

    /// <summary>Whether the source can be relied on.</summary>
    public JwksSourceState State { get; internal init; }

    /// <summary>The keys in force.</summary>
    public IReadOnlyList<JwksKeyStatus> Keys { get; internal init; } = [];

    /// <summary>When the last fetch ended, in UTC; null before the first.</summary>
    public DateTimeOffset? LastFetch { get; internal init; }

    /// <summary>When the last good fetch ended, in UTC; null before the first.</summary>
    public DateTimeOffset? LastGoodFetch { get; internal init; }

    /// <summary>How old the keys are, by the monotonic clock; null before the first good fetch.</summary>
    public TimeSpan? Age { get; internal init; }

    /// <summary>In what time the next background fetch is due; null when none is planned.</summary>
    public TimeSpan? NextFetchIn { get; internal init; }

    /// <summary>In what time a token with an unknown kid may cause a fetch; zero when it may now.</summary>
    public TimeSpan WindowOpensIn { get; internal init; }

    /// <summary>How many fetches failed since the last good one.</summary>
    public int FailuresInARow { get; internal init; }

    /// <summary>Why the last fetch failed, free of anything that the issuer wrote; null if it was good.</summary>
    public string? LastError { get; internal init; }

    /// <summary>How many fetches were made since the source was opened.</summary>
    public long FetchCount { get; internal init; }
}
