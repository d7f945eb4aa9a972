namespace JwksAuth.Testing;

/// <summary>A clock that advances only when a test advances it. Pass it to all code that takes a <see cref="TimeProvider"/>.</summary>
/// <remarks>
/// The wall clock (<see cref="GetUtcNow"/>) and the monotonic clock (<see cref="GetTimestamp"/>) advance together;
/// <see cref="ShiftWallClock"/> moves the wall clock alone, as an operator or NTP does. Timers follow the monotonic clock. All members are
/// safe for concurrent use.
/// </remarks>
public sealed class FakeClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly SortedSet<FakeTimer> _timers = new(FakeTimer.FiringOrder);
    private readonly ThresholdSignal _timersSignal = new();
    private DateTimeOffset _start;
    private TimeSpan _elapsed;
    private TimeSpan _target;
    private long _scheduled;

    /// <summary>Creates a clock that starts at 2030-01-01T00:00:00Z.</summary>
    public FakeClock()
        : this(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>Creates a clock that starts at the given instant.</summary>
    /// <param name="start">The first value of <see cref="GetUtcNow"/>.</param>
    public FakeClock(DateTimeOffset start) => _start = start.ToUniversalTime();

    /// <summary>Always UTC, regardless of the machine.</summary>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>One timestamp unit is one tick (100 ns).</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>The number of timers that will still fire; a pending <c>Task.Delay</c> on this clock counts as one.</summary>
    public int ActiveTimers
    {
        get
        {
            lock (_lock)
                return _timers.Count;
        }
    }

    /// <summary>How long until the next timer fires; null if none is active. For tests that wait for one timer at a time.</summary>
    public TimeSpan? NextTimerIn
    {
        get
        {
            lock (_lock)
                return _timers.Min is { } next ? next.Due - _elapsed : null;
        }
    }

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _start + _elapsed;
    }

    /// <inheritdoc />
    public override long GetTimestamp()
    {
        lock (_lock)
            return _elapsed.Ticks;
    }

    /// <summary>
    /// Moves time forward and fires every timer that falls due on the way, in the order of their due times. While a callback runs, the
    /// clock shows that timer's due time. A periodic timer fires once for every period that passes.
    /// </summary>
    /// <remarks>Callbacks run on the calling thread before this method returns; they may change timers and advance the clock.</remarks>
    /// <param name="delta">How far to move. <see cref="TimeSpan.Zero"/> fires only what is due now.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delta"/> is negative.</exception>
    public void Advance(TimeSpan delta)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delta, TimeSpan.Zero);
        lock (_lock)
            _target += delta;

        while (TakeNextDue() is { } timer)
            timer.Fire();
    }

    /// <summary>Sets the wall clock forward (positive) or back (negative) without affecting the monotonic clock or timers.</summary>
    /// <param name="offset">The change of <see cref="GetUtcNow"/>.</param>
    public void ShiftWallClock(TimeSpan offset)
    {
        lock (_lock)
            _start += offset;
    }

    /// <summary>Completes once at least <paramref name="count"/> timers are active: the code under test waits on the clock.</summary>
    /// <param name="count">The number of timers to wait for.</param>
    public Task WaitForTimersAsync(int count, CancellationToken cancellationToken = default)
    {
        lock (_lock)
            return _timersSignal.WaitAsync(_timers.Count, count, cancellationToken);
    }

    /// <summary>Creates a timer that fires when the clock is advanced; one that is due at once fires before this method returns.</summary>
    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    internal bool Schedule(FakeTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            if (timer.Disposed)
                return false;

            _timers.Remove(timer);
            timer.Period = period;
            if (dueTime > TimeSpan.Zero)
            {
                Arm(timer, _elapsed + dueTime);
            }
            else if (dueTime == TimeSpan.Zero)
            {
                ArmNextPeriod(timer, _elapsed);
            }
        }

        if (dueTime == TimeSpan.Zero)
            timer.Fire();

        return true;
    }

    internal void Remove(FakeTimer timer)
    {
        lock (_lock)
        {
            _timers.Remove(timer);
            timer.Disposed = true;
        }
    }

    private FakeTimer? TakeNextDue()
    {
        lock (_lock)
        {
            if (_timers.Min is not { } next || next.Due > _target)
            {
                _elapsed = _target;
                return null;
            }

            _timers.Remove(next);
            _elapsed = next.Due;
            ArmNextPeriod(next, next.Due);
            return next;
        }
    }

    private void ArmNextPeriod(FakeTimer timer, TimeSpan fired)
    {
        if (timer.IsPeriodic)
            Arm(timer, fired + timer.Period);
    }

    private void Arm(FakeTimer timer, TimeSpan due)
    {
        timer.Due = due;
        timer.Sequence = _scheduled++;
        _timers.Add(timer);
        _timersSignal.Reached(_timers.Count);
    }
}
