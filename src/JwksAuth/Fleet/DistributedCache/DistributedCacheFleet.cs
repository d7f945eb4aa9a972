using JwksAuth.Diagnostics;
using JwksAuth.Foundation.Json;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Options;

namespace JwksAuth.Fleet.DistributedCache;

/// <summary>Shares keys through the distributed cache, without transactions or notifications: best-effort claims, and polling.</summary>
internal sealed class DistributedCacheFleet(
    IDistributedCache cache, CacheSeal seal, IOptions<JwksDistributedCacheOptions> options, JwksTelemetry telemetry)
    : IFleetEngine
{
    public TimeSpan Timeout => options.Value.Timeout;

    public Task FirstTry => Task.CompletedTask;

    public IFleetSource Join(FleetSourceName name, TimeProvider time, Action onChange)
    {
        var refusals = new FloodGate(time);
        var entries = new SealedCache(cache, seal, options.Value.KeyPrefix + name.Key, () => Report(refusals, name));
        return new DistributedCacheSource(entries, time, options.Value.PollInterval, onChange);
    }

    private void Report(FloodGate refusals, FleetSourceName name)
    {
        if (refusals.TryPass(out var count))
            telemetry.Logger.CacheEntriesRefused(count, LogText.Escape(name.Address));
    }
}
