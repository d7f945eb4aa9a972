namespace JwksAuth;

/// <summary>What a refresh found.</summary>
public enum JwksRefreshOutcome
{
    /// <summary>The issuer answered with another set of keys, which is now in force.</summary>
    Changed,

    /// <summary>The issuer answered with the keys that were already known.</summary>
    NotModified,

    /// <summary>No usable answer: the keys known before stay in force until they are too old.</summary>
    Failed,
}
