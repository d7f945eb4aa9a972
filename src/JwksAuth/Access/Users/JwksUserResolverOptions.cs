namespace JwksAuth;

/// <summary>How users are resolved.</summary>
public sealed class JwksUserResolverOptions
{
    /// <summary>The schemes whose tokens need a user. Default empty: every scheme of this package.</summary>
    public IList<string> Schemes { get; } = [];

    /// <summary>
    /// How long a found user is cached by scheme, issuer, subject and client; a user who is disabled meanwhile is accepted for that long.
    /// Default zero: the resolver is called for every request. Unknown and disabled users are never cached.
    /// </summary>
    public TimeSpan CacheDuration { get; set; }

    /// <summary>The maximum number of cached users. Default 10,000.</summary>
    public int CacheCapacity { get; set; } = 10_000;
}
