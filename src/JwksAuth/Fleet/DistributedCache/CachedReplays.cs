using JwksAuth.Replay;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Options;

namespace JwksAuth.Fleet.DistributedCache;

/// <summary>Remembers in the cache of the application. A cache cannot ask and add in one step: of two replicas at the same instant, both may be first.</summary>
internal sealed class CachedReplays(IDistributedCache cache, IOptions<JwksDistributedCacheOptions> options) : ISharedReplays
{
    private static readonly byte[] Used = [1];

    public TimeSpan Timeout => options.Value.Timeout;

    public async Task<bool> TryAddAsync(string key, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var entryKey = options.Value.KeyPrefix + "used:" + key;
        if (await cache.GetAsync(entryKey, cancellationToken) is not null)
            return false;

        await cache.SetAsync(entryKey, Used, new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = lifetime }, cancellationToken);
        return true;
    }
}
