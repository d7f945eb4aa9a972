namespace JwksAuth;

/// <summary>The counters of one key source since it was opened: at start-up, or when its options changed.</summary>
public sealed class JwksSourceCounters
{
    /// <summary>Fetches that found a different key set.</summary>
    public long Changed { get; init; }

    /// <summary>Fetches that found the same keys.</summary>
    public long NotModified { get; init; }

    /// <summary>Fetches that failed.</summary>
    public long Failed { get; init; }

    /// <summary>Tokens with an unknown key that caused a fetch.</summary>
    public long UnknownKeysFetched { get; init; }

    /// <summary>Tokens with an unknown key that were answered without a fetch, because of the cooldown.</summary>
    public long UnknownKeysThrottled { get; init; }

    /// <summary>Tokens with an unknown key that were held until the cooldown ended.</summary>
    public long UnknownKeysWaited { get; init; }

    /// <summary>Tokens that were rejected because the issuer does not publish their key.</summary>
    public long UnknownKeysRefused { get; init; }
}
