using Microsoft.Extensions.Caching.Distributed;

namespace JwksAuth;

/// <summary>Options for sharing keys through the application's <see cref="IDistributedCache"/>.</summary>
public sealed class JwksDistributedCacheOptions
{
    /// <summary>The prefix of all keys in the cache. Default: <c>JwksAuth:</c>.</summary>
    public string KeyPrefix { get; set; } = "JwksAuth:";

    /// <summary>How often each replica polls: the longest delay of a revocation. At least 1 second; default 5 seconds.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a fetch waits for the cache in total before it proceeds alone. At most 5 seconds; default 50 ms.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Accepts entries that are not sealed with ASP.NET Core Data Protection. <b>Anyone who can write to the cache can then inject keys and
    /// impersonate any caller.</b> Only for a cache that nothing else can write to. Has no effect if Data Protection stores its keys in a
    /// place that the replicas share (<c>PersistKeysTo…</c>): entries are then always sealed. Default: <see langword="false"/>.
    /// </summary>
    public bool TrustEveryCacheWriter { get; set; }

    /// <summary>
    /// Also shares used DPoP proofs, client assertions and logout tokens through the cache, so that all replicas reject a replay, except
    /// for two uses at the same instant. While the cache is unreachable, each replica rejects only what it has seen itself. Has no effect
    /// if the application registers its own <see cref="IJwksReplayCache"/>. Default: <see langword="false"/>.
    /// </summary>
    public bool ShareReplays { get; set; }
}
