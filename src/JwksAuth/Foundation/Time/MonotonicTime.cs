namespace JwksAuth.Foundation.Time;

/// <summary>A clock for code that measures intervals by UTC time. It starts at the system time and ignores later changes of it.</summary>
internal sealed class MonotonicTime(TimeProvider time) : TimeProvider
{
    private readonly MonotonicClock _clock = new(time);

    public override long TimestampFrequency => time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _clock.UtcNow;

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        time.CreateTimer(callback, state, dueTime, period);
}
