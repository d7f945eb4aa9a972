namespace JwksAuth.Replay;

/// <summary>Used tokens of one kind, up to a limit. A sender may use at most a quarter of the free space, so others find some.</summary>
internal sealed class ReplayRoom(TimeProvider time, int capacity)
{
    private const int Share = 4;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _senders = new(StringComparer.Ordinal);
    private readonly PriorityQueue<(string Key, string Sender, DateTimeOffset EndsAt), long> _byEnd = new();
    private readonly long _start = time.GetTimestamp();
    private DateTimeOffset _forgottenUntil = DateTimeOffset.MinValue;

    public int Count
    {
        get
        {
            lock (_gate)
                return _used.Count;
        }
    }

    public JwksReplayResult TryAdd(JwksReplayEntry entry)
    {
        lock (_gate)
        {
            var (elapsed, now) = (time.GetElapsedTime(_start).Ticks, time.GetUtcNow());
            Forget(elapsed, now);

            // After the clock was set back, a token that expires before a removed one may have been removed as well.
            var endsAt = now + entry.Lifetime;
            if (_used.Contains(entry.Key) || endsAt <= _forgottenUntil)
                return JwksReplayResult.Used;

            var held = _senders.GetValueOrDefault(entry.Sender);
            var free = capacity - _used.Count;
            if (free <= 0 || held >= Math.Max(1, free / Share))
                return JwksReplayResult.Full;

            _used.Add(entry.Key);
            _senders[entry.Sender] = held + 1;
            _byEnd.Enqueue((entry.Key, entry.Sender, endsAt), elapsed + entry.Lifetime.Ticks);
            return JwksReplayResult.Added;
        }
    }

    // Removes tokens in the order of their expiry, because lifetimes differ from a minute to an hour. The system time may change, so a
    // token is removed only after it has expired by both clocks.
    private void Forget(long elapsed, DateTimeOffset now)
    {
        while (_byEnd.TryPeek(out var token, out var end) && end < elapsed)
        {
            _byEnd.Dequeue();
            if (token.EndsAt >= now)
            {
                _byEnd.Enqueue(token, elapsed + (token.EndsAt - now).Ticks);
                continue;
            }

            _used.Remove(token.Key);
            if (_senders[token.Sender]-- == 1)
                _senders.Remove(token.Sender);
            if (token.EndsAt > _forgottenUntil)
                _forgottenUntil = token.EndsAt;
        }
    }
}
