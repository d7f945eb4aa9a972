namespace JwksAuth;

/// <summary>The outcome of a refresh.</summary>
public enum JwksRefreshOutcome
{
    /// <summary>The issuer published a different key set, which is now in use.</summary>
    Changed,

    /// <summary>The issuer's keys have not changed.</summary>
    NotModified,

    /// <summary>The fetch failed; the previous keys remain in use until they expire.</summary>
    Failed,
}
