using JwksAuth.Testing;

namespace JwksAuth.Tests.Testing;

public class FakeClockTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeClock _clock = new();
    private readonly DateTimeOffset _start;

    public FakeClockTests() => _start = _clock.GetUtcNow();

    [Fact]
    public void An_advance_moves_both_clocks()
    {
        var timestamp = _clock.GetTimestamp();

        _clock.Advance(TimeSpan.FromMinutes(3));

        Assert.Equal(_start.AddMinutes(3), _clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromMinutes(3), _clock.GetElapsedTime(timestamp));
    }

    [Fact]
    public void A_negative_advance_throws() => Assert.Throws<ArgumentOutOfRangeException>(() => _clock.Advance(-Second));

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void A_shift_of_the_wall_clock_does_not_affect_monotonic_time_and_timers(int days)
    {
        var timestamp = _clock.GetTimestamp();
        var fired = 0;
        using var timer = _clock.CreateTimer(_ => fired++, null, Second, Timeout.InfiniteTimeSpan);

        _clock.ShiftWallClock(TimeSpan.FromDays(days));

        Assert.Equal(_start.AddDays(days), _clock.GetUtcNow());
        Assert.Equal(TimeSpan.Zero, _clock.GetElapsedTime(timestamp));
        Assert.Equal(0, fired);
        _clock.Advance(Second);
        Assert.Equal(1, fired);
    }

    [Fact]
    public void Timers_fire_by_due_time_and_then_by_creation()
    {
        List<string> fired = [];
        using var late = _clock.CreateTimer(Record, "late", 3 * Second, Timeout.InfiniteTimeSpan);
        using var first = _clock.CreateTimer(Record, "first", 2 * Second, Timeout.InfiniteTimeSpan);
        using var second = _clock.CreateTimer(Record, "second", 2 * Second, Timeout.InfiniteTimeSpan);

        _clock.Advance(10 * Second);

        Assert.Equal(["first@2", "second@2", "late@3"], fired);

        void Record(object? name) => fired.Add($"{name}@{(_clock.GetUtcNow() - _start).TotalSeconds}");
    }

    [Fact]
    public void A_timer_that_is_not_due_does_not_fire()
    {
        var fired = 0;
        using var timer = _clock.CreateTimer(_ => fired++, null, Second, Timeout.InfiniteTimeSpan);

        _clock.Advance(Second - TimeSpan.FromTicks(1));
        Assert.Equal(0, fired);

        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(1, fired);
    }

    [Fact]
    public void A_periodic_timer_fires_once_per_period_at_its_due_time()
    {
        List<double> times = [];
        using var timer = _clock.CreateTimer(_ => times.Add((_clock.GetUtcNow() - _start).TotalSeconds), null, Second, 2 * Second);

        _clock.Advance(6 * Second);

        Assert.Equal([1, 3, 5], times);
        Assert.Equal(1, _clock.ActiveTimers);
    }

    [Fact]
    public void A_one_shot_timer_is_inactive_after_it_fires_and_can_be_set_again()
    {
        var fired = 0;
        using var timer = _clock.CreateTimer(_ => fired++, null, Second, TimeSpan.Zero);
        Assert.Equal(1, _clock.ActiveTimers);

        _clock.Advance(5 * Second);
        Assert.Equal((1, 0), (fired, _clock.ActiveTimers));

        Assert.True(timer.Change(Second, Timeout.InfiniteTimeSpan));
        _clock.Advance(5 * Second);
        Assert.Equal((2, 0), (fired, _clock.ActiveTimers));
    }

    [Fact]
    public void Changing_a_timer_to_infinite_stops_it()
    {
        var fired = 0;
        using var timer = _clock.CreateTimer(_ => fired++, null, Second, Second);

        Assert.True(timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        _clock.Advance(5 * Second);

        Assert.Equal((0, 0), (fired, _clock.ActiveTimers));
    }

    [Fact]
    public async Task A_disposed_timer_does_not_fire_and_cannot_be_changed()
    {
        var fired = 0;
        var timer = _clock.CreateTimer(_ => fired++, null, Second, Second);

        await timer.DisposeAsync();
        _clock.Advance(5 * Second);

        Assert.Equal((0, 0), (fired, _clock.ActiveTimers));
        Assert.False(timer.Change(Second, Second));
    }

    [Fact]
    public void A_timer_that_is_due_at_once_fires()
    {
        var fired = 0;

        using var timer = _clock.CreateTimer(_ => fired++, null, TimeSpan.Zero, Second);

        Assert.Equal((1, 1), (fired, _clock.ActiveTimers));
    }

    [Fact]
    public void Negative_times_throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _clock.CreateTimer(_ => { }, null, -Second, Second));
        Assert.Throws<ArgumentOutOfRangeException>(() => _clock.CreateTimer(_ => { }, null, Second, -Second));
    }

    [Fact]
    public void A_callback_may_set_another_timer_that_is_due_in_the_same_advance()
    {
        List<double> times = [];
        using var outer = _clock.CreateTimer(
            _ => _clock.CreateTimer(_ => times.Add((_clock.GetUtcNow() - _start).TotalSeconds), null, Second, Timeout.InfiniteTimeSpan),
            null, Second, Timeout.InfiniteTimeSpan);

        _clock.Advance(3 * Second);

        Assert.Equal([2], times);
        Assert.Equal(_start.AddSeconds(3), _clock.GetUtcNow());
    }

    [Fact]
    public void A_callback_may_create_a_timer_that_is_due_at_once_without_firing_others_early()
    {
        List<string> fired = [];
        using var last = _clock.CreateTimer(_ => fired.Add("last"), null, Second, Timeout.InfiniteTimeSpan);
        using var first = _clock.CreateTimer(
            _ =>
            {
                _clock.CreateTimer(_ => fired.Add("at once"), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
                fired.Add("first");
            },
            null, Second / 2, Timeout.InfiniteTimeSpan);

        _clock.Advance(Second);

        Assert.Equal(["at once", "first", "last"], fired);
    }

    [Fact]
    public void A_callback_may_advance_the_clock()
    {
        using var timer = _clock.CreateTimer(_ => _clock.Advance(5 * Second), null, Second, Timeout.InfiniteTimeSpan);

        _clock.Advance(2 * Second);

        Assert.Equal(_start.AddSeconds(7), _clock.GetUtcNow());
    }

    [Fact]
    public async Task Delays_and_timeouts_of_the_platform_follow_the_clock()
    {
        var delay = Task.Delay(TimeSpan.FromMinutes(1), _clock);
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2), _clock);
        Assert.Equal(2, _clock.ActiveTimers);

        _clock.Advance(TimeSpan.FromMinutes(1));
        await delay;
        Assert.False(timeout.IsCancellationRequested);

        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(timeout.IsCancellationRequested);
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public async Task A_wait_for_timers_completes_when_enough_timers_are_active()
    {
        var wait = _clock.WaitForTimersAsync(2);
        var first = Task.Delay(Second, _clock);
        Assert.False(wait.IsCompleted);

        var second = Task.Delay(Second, _clock);
        await wait;
        await _clock.WaitForTimersAsync(2);

        _clock.Advance(Second);
        await Task.WhenAll(first, second);
    }

    [Fact]
    public async Task A_cancelled_wait_for_timers_throws()
    {
        using var source = new CancellationTokenSource();
        var wait = _clock.WaitForTimersAsync(1, source.Token);

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    [Fact]
    public async Task Concurrent_use_loses_no_time_and_no_tick()
    {
        var ticks = 0;
        await using var timer = _clock.CreateTimer(_ => Interlocked.Increment(ref ticks), null, Second, Second);

        await Parallel.ForAsync(0, 1000, (_, _) =>
        {
            using var other = _clock.CreateTimer(_ => { }, null, Second, Timeout.InfiniteTimeSpan);
            _clock.Advance(Second);
            return ValueTask.CompletedTask;
        });

        Assert.Equal(_start.AddSeconds(1000), _clock.GetUtcNow());
        Assert.Equal(1000, ticks);
        Assert.Equal(1, _clock.ActiveTimers);
    }

    [Fact]
    public void A_callback_runs_in_the_execution_context_of_its_creator()
    {
        var ambient = new AsyncLocal<string> { Value = "creator" };
        string? seen = null;
        using var timer = _clock.CreateTimer(_ => seen = ambient.Value, null, Second, Timeout.InfiniteTimeSpan);
        ambient.Value = "advancer";

        _clock.Advance(Second);

        Assert.Equal("creator", seen);
    }
}
