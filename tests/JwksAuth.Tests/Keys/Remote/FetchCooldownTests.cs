using JwksAuth.Keys.Remote;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Keys.Remote;

public class FetchCooldownTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly FakeClock _clock = new();
    private readonly FetchCooldown _cooldown;

    public FetchCooldownTests() => _cooldown = new FetchCooldown(_clock);

    [Fact]
    public void A_cooldown_that_never_began_has_no_time_left() => Assert.Equal(TimeSpan.Zero, _cooldown.RemainingOf(Interval));

    [Fact]
    public void The_remaining_time_counts_down_to_zero()
    {
        _cooldown.BeginAt(_clock.GetTimestamp());
        Assert.Equal(Interval, _cooldown.RemainingOf(Interval));

        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(TimeSpan.FromSeconds(1), _cooldown.RemainingOf(Interval));

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.Zero, _cooldown.RemainingOf(Interval));

        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(TimeSpan.Zero, _cooldown.RemainingOf(Interval));
    }

    [Fact]
    public void A_cooldown_that_began_at_timestamp_zero_counts()
    {
        Assert.Equal(0, _clock.GetTimestamp());
        _cooldown.BeginAt(_clock.GetTimestamp());

        Assert.Equal(Interval, _cooldown.RemainingOf(Interval));
    }

    [Fact]
    public void The_wall_clock_does_not_affect_the_remaining_time()
    {
        _cooldown.BeginAt(_clock.GetTimestamp());
        _clock.Advance(TimeSpan.FromSeconds(4));
        _clock.ShiftWallClock(TimeSpan.FromDays(1));
        Assert.Equal(TimeSpan.FromSeconds(6), _cooldown.RemainingOf(Interval));

        _clock.ShiftWallClock(TimeSpan.FromDays(-2));
        Assert.Equal(TimeSpan.FromSeconds(6), _cooldown.RemainingOf(Interval));
    }

    [Fact]
    public void A_reset_ends_the_cooldown()
    {
        _cooldown.BeginAt(_clock.GetTimestamp());
        _cooldown.Reset();

        Assert.Equal(TimeSpan.Zero, _cooldown.RemainingOf(Interval));
    }
}
