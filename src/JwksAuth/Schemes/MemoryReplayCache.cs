using System.Collections.Concurrent;

namespace JwksAuth.Schemes;

/// <summary>Used tokens in memory: bounded, and never forgetful to make room.</summary>
internal sealed class MemoryReplayCache(TimeProvider time, int capacity = MemoryReplayCache.DefaultCapacity) : IJwksReplayCache
{
    public const int DefaultCapacity = 100_000;

    private readonly ConcurrentDictionary<string, long> _ends = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(string Key, long End)> _order = new();
    private readonly long _start = time.GetTimestamp();
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public ValueTask<bool> TryAddAsync(string key, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var now = time.GetElapsedTime(_start).Ticks;
        Forget(now);
        if (Interlocked.Increment(ref _count) > capacity || !_ends.TryAdd(key, now + lifetime.Ticks))
        {
            Interlocked.Decrement(ref _count);
            return new(false);
        }

        _order.Enqueue((key, now + lifetime.Ticks));
        return new(true);
    }

    // Lifetimes are nearly equal, so that the first in is nearly the first out; one that waits behind a longer one is only kept longer.
    private void Forget(long now)
    {
        while (_order.TryPeek(out var first) && first.End < now)
        {
            if (!_order.TryDequeue(out first))
                return;
            if (first.End >= now)
            {
                _order.Enqueue(first);
                return;
            }

            _ends.TryRemove(first.Key, out _);
            Interlocked.Decrement(ref _count);
        }
    }
}
