namespace JwksAuth.Testing;

/// <summary>A timer of a <see cref="FakeClock"/>. Its mutable state belongs to the clock and is guarded by the clock's lock.</summary>
internal sealed class FakeTimer(FakeClock clock, TimerCallback callback, object? state) : ITimer
{
    private readonly ExecutionContext? _executionContext = ExecutionContext.Capture();

    /// <summary>Earlier due times first; timers of the same due time fire in the order in which they were set.</summary>
    internal static Comparer<FakeTimer> FiringOrder { get; } =
        Comparer<FakeTimer>.Create((x, y) => (x.Due, x.Sequence).CompareTo((y.Due, y.Sequence)));

    internal TimeSpan Due { get; set; }

    internal TimeSpan Period { get; set; }

    internal long Sequence { get; set; }

    internal bool Disposed { get; set; }

    internal bool IsPeriodic => Period > TimeSpan.Zero;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        ThrowIfInvalid(dueTime, nameof(dueTime));
        ThrowIfInvalid(period, nameof(period));
        return clock.Schedule(this, dueTime, period);
    }

    public void Dispose() => clock.Remove(this);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    internal void Fire()
    {
        if (_executionContext is null)
        {
            callback(state);
        }
        else
        {
            ExecutionContext.Run(_executionContext, static timer => ((FakeTimer)timer!).Invoke(), this);
        }
    }

    private static void ThrowIfInvalid(TimeSpan value, string name)
    {
        if (value != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, name);
    }

    private void Invoke() => callback(state);
}
