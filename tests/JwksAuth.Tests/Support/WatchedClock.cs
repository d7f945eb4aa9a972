using System.Collections.Concurrent;
using JwksAuth.Testing;

namespace JwksAuth.Tests;

/// <summary>Shows the time of another clock, and which timers were created through it.</summary>
internal sealed class WatchedClock(FakeClock shared) : TimeProvider
{
    private readonly ConcurrentDictionary<WatchedTimer, byte> _timers = new();

    public override long TimestampFrequency => shared.TimestampFrequency;

    /// <summary>The time until the first timer of that length fires; null if none is active.</summary>
    public TimeSpan? TimerOf(TimeSpan length) => _timers.Keys
        .Where(timer => timer.Length == length)
        .Min(timer => (TimeSpan?)(length - GetElapsedTime(timer.SetAt)));

    public override DateTimeOffset GetUtcNow() => shared.GetUtcNow();

    public override long GetTimestamp() => shared.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new WatchedTimer(this);
        timer.Start(shared.CreateTimer(
            _ =>
            {
                timer.Length = null;
                callback(state);
            },
            null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class WatchedTimer(WatchedClock clock) : ITimer
    {
        private ITimer _timer = null!;

        public TimeSpan? Length { get; set; }

        public long SetAt { get; private set; }

        public void Start(ITimer timer)
        {
            _timer = timer;
            clock._timers[this] = 0;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            (Length, SetAt) = (dueTime, clock.GetTimestamp());
            return _timer.Change(dueTime, period);
        }

        public void Dispose()
        {
            clock._timers.TryRemove(this, out _);
            _timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
