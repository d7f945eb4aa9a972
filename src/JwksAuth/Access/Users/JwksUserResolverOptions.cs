namespace JwksAuth;

/// <summary>How users are resolved.</summary>
public sealed class JwksUserResolverOptions
{
    /// <summary>The schemes whose tokens need a user. Default empty: every scheme of this package.</summary>
    public IList<string> Schemes { get; } = [];

    /// <summary>
    /// How long a found user is remembered by scheme, issuer, subject and client; one disabled meanwhile passes that long. Default zero: every
    /// request asks. Unknown and disabled users are never remembered.
    /// </summary>
    public TimeSpan CacheDuration { get; set; }

    /// <summary>How many users are remembered. Default 10,000.</summary>
    public int CacheCapacity { get; set; } = 10_000;
}
