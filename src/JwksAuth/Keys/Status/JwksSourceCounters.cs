namespace JwksAuth;

/// <summary>What one source of keys has counted since it was opened, which is when the host started unless its options changed.</summary>
public sealed class JwksSourceCounters
{
    /// <summary>Fetches that found another set of keys.</summary>
    public long Changed { get; init; }

    /// <summary>Fetches that found the keys already known.</summary>
    public long NotModified { get; init; }

    /// <summary>Fetches that failed.</summary>
    public long Failed { get; init; }

    /// <summary>Tokens whose key was not in memory and that caused a fetch.</summary>
    public long UnknownKeysFetched { get; init; }

    /// <summary>Tokens whose key was not in memory and that were answered without a fetch, because the window was closed.</summary>
    public long UnknownKeysThrottled { get; init; }

    /// <summary>Tokens whose key was not in memory and that were held for the window to open.</summary>
    public long UnknownKeysWaited { get; init; }

    /// <summary>Tokens that were refused in the end, because the issuer does not publish their key.</summary>
    public long UnknownKeysRefused { get; init; }
}
