using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace JwksAuth.Foundation.Time;

/// <summary>Makes caches that hold no more than they were told, and whose entries age by the monotonic clock.</summary>
internal static class BoundedCache
{
    /// <param name="capacity">The sizes of all entries together.</param>
    /// <param name="time">What entries age by.</param>
    public static MemoryCache Create(int capacity, TimeProvider time) =>
        new(Options.Create(new MemoryCacheOptions { SizeLimit = capacity, Clock = new MonotonicClock(time) }));
}
