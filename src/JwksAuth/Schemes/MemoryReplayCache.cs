namespace JwksAuth.Schemes;

/// <summary>Used tokens in memory: bounded, and never forgetful to make room.</summary>
internal sealed class MemoryReplayCache(TimeProvider time, int capacity = MemoryReplayCache.DefaultCapacity) : IJwksReplayCache
{
    public const int DefaultCapacity = 100_000;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly PriorityQueue<string, long> _byEnd = new();
    private readonly long _start = time.GetTimestamp();

    public int Count
    {
        get
        {
            lock (_gate)
                return _used.Count;
        }
    }

    public ValueTask<bool> TryAddAsync(string key, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var now = time.GetElapsedTime(_start).Ticks;
        lock (_gate)
        {
            Forget(now);
            if (_used.Count >= capacity || !_used.Add(key))
                return new(false);

            _byEnd.Enqueue(key, now + lifetime.Ticks);
            return new(true);
        }
    }

    // By their ends, because a proof is good for a minute and an assertion for several: none may take up room behind another.
    private void Forget(long now)
    {
        while (_byEnd.TryPeek(out var key, out var end) && end < now)
        {
            _byEnd.Dequeue();
            _used.Remove(key);
        }
    }
}
