using JwksAuth.Keys;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Keys;

public class FetchWindowTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly FakeClock _clock = new();
    private readonly FetchWindow _window;

    public FetchWindowTests() => _window = new FetchWindow(_clock);

    [Fact]
    public void RemainingOf_NeverStamped_IsZero() => Assert.Equal(TimeSpan.Zero, _window.RemainingOf(Interval));

    [Fact]
    public void RemainingOf_Stamped_CountsDownToZero()
    {
        _window.StampAt(_clock.GetTimestamp());
        Assert.Equal(Interval, _window.RemainingOf(Interval));

        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(TimeSpan.FromSeconds(1), _window.RemainingOf(Interval));

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.Zero, _window.RemainingOf(Interval));

        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(TimeSpan.Zero, _window.RemainingOf(Interval));
    }

    [Fact]
    public void RemainingOf_AtTimestampZero_CountsAsStamped()
    {
        Assert.Equal(0, _clock.GetTimestamp());
        _window.StampAt(_clock.GetTimestamp());

        Assert.Equal(Interval, _window.RemainingOf(Interval));
    }

    [Fact]
    public void RemainingOf_WallClockMoved_IsUnchanged()
    {
        _window.StampAt(_clock.GetTimestamp());
        _clock.Advance(TimeSpan.FromSeconds(4));
        _clock.ShiftWallClock(TimeSpan.FromDays(1));
        Assert.Equal(TimeSpan.FromSeconds(6), _window.RemainingOf(Interval));

        _clock.ShiftWallClock(TimeSpan.FromDays(-2));
        Assert.Equal(TimeSpan.FromSeconds(6), _window.RemainingOf(Interval));
    }

    [Fact]
    public void Reset_Stamped_OpensTheWindow()
    {
        _window.StampAt(_clock.GetTimestamp());
        _window.Reset();

        Assert.Equal(TimeSpan.Zero, _window.RemainingOf(Interval));
    }
}
