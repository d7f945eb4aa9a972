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
    public void RemainingOf_NeverStamped_IsZero() => Assert.Equal(TimeSpan.Zero, _cooldown.RemainingOf(Interval));

    [Fact]
    public void RemainingOf_Stamped_CountsDownToZero()
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
    public void RemainingOf_AtTimestampZero_CountsAsStamped()
    {
        Assert.Equal(0, _clock.GetTimestamp());
        _cooldown.BeginAt(_clock.GetTimestamp());

        Assert.Equal(Interval, _cooldown.RemainingOf(Interval));
    }

    [Fact]
    public void RemainingOf_WallClockMoved_IsUnchanged()
    {
        _cooldown.BeginAt(_clock.GetTimestamp());
        _clock.Advance(TimeSpan.FromSeconds(4));
        _clock.ShiftWallClock(TimeSpan.FromDays(1));
        Assert.Equal(TimeSpan.FromSeconds(6), _cooldown.RemainingOf(Interval));

        _clock.ShiftWallClock(TimeSpan.FromDays(-2));
        Assert.Equal(TimeSpan.FromSeconds(6), _cooldown.RemainingOf(Interval));
    }

    [Fact]
    public void Reset_Stamped_OpensTheWindow()
    {
        _cooldown.BeginAt(_clock.GetTimestamp());
        _cooldown.Reset();

        Assert.Equal(TimeSpan.Zero, _cooldown.RemainingOf(Interval));
    }
}
