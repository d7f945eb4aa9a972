using Microsoft.Extensions.Caching.Distributed;

namespace JwksAuth;

/// <summary>How replicas share their keys through the <see cref="IDistributedCache"/> of the application.</summary>
public sealed class JwksDistributedCacheOptions
{
    /// <summary>What every key in the cache starts with. Default: <c>JwksAuth:</c>.</summary>
    public string KeyPrefix { get; set; } = "JwksAuth:";

    /// <summary>
    /// How often each replica looks for changes: so long may a revocation on one replica take to reach the others. At least one second.
    /// Default: 5 seconds.
    /// </summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long one fetch may wait for the cache in all, before the replica goes on alone. At most 5 seconds. Default: 50 milliseconds.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Takes entries that are not sealed with ASP.NET Core Data Protection. <b>Whoever can write to the cache can then plant keys, and with
    /// them pass for any caller.</b> Only for a cache that nothing else can write to. Has no effect where Data Protection is set up to keep its keys
    /// in a place that the replicas share (<c>PersistKeysTo…</c>): then entries are always sealed. Default: <see langword="false"/>.
    /// </summary>
    public bool TrustEveryCacheWriter { get; set; }
}
