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

    /// <summary>
    /// Remembers used DPoP proofs, client assertions and logout tokens in the cache too, so that one used on a replica is refused on all, unless it is used on two at the same instant. While the
    /// cache does not answer, each replica refuses what it has seen itself. Without effect where the application registered an
    /// <see cref="IJwksReplayCache"/> of its own. Default: <see langword="false"/>.
    /// </summary>
    public bool ShareReplays { get; set; }
}
