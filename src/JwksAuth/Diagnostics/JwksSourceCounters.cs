namespace JwksAuth;

/// <summary>What one source of keys has counted since it was opened, which is when the host started unless its options changed.</summary>
public sealed class JwksSourceCounters
{
    internal JwksSourceCounters()
    {
    }

    /// <summary>Fetches that found another set of keys.</summary>
    public long Changed { get; internal init; }

    /// <summary>Fetches that found the keys already known.</summary>
    public long NotModified { get; internal init; }

    /// <summary>Fetches that failed.</summary>
    public long Failed { get; internal init; }

    /// <summary>Tokens whose key was not in memory and that caused a fetch.</summary>
    public long UnknownKeysFetched { get; internal init; }

    /// <summary>Tokens whose key was not in memory and that were answered without a fetch, because the window was closed.</summary>
    public long UnknownKeysThrottled { get; internal init; }

    /// <summary>Tokens whose key was not in memory and that were held for the window to open.</summary>
    public long UnknownKeysWaited { get; internal init; }

    /// <summary>Tokens that were refused in the end, because the issuer does not publish their key.</summary>
    public long UnknownKeysRefused { get; internal init; }
}
