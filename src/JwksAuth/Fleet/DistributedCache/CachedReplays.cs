using JwksAuth.Replay;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Options;

namespace JwksAuth.Fleet.DistributedCache;

/// <summary>A shared replay cache in the distributed cache, which is not atomic: two concurrent replicas may both succeed.</summary>
internal sealed class CachedReplays(IDistributedCache cache, IOptions<JwksDistributedCacheOptions> options) : ISharedReplays
{
    private static readonly byte[] Used = [1];

    public TimeSpan Timeout => options.Value.Timeout;

    public async Task<bool> TryAddAsync(string key, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var entryKey = options.Value.KeyPrefix + "used:" + key;
        if (await cache.GetAsync(entryKey, cancellationToken) is not null)
            return false;

        await cache.SetAsync(
            entryKey, Used, new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = lifetime }, cancellationToken);
        return true;
    }
}
