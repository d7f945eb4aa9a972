using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace JwksAuth.Foundation.Time;

/// <summary>Creates caches with a size limit, whose entries expire by the monotonic clock.</summary>
internal static class BoundedCache
{
    public static MemoryCache Create(int capacity, TimeProvider time) =>
        new(Options.Create(new MemoryCacheOptions { SizeLimit = capacity, Clock = new MonotonicClock(time) }));
}
