using JwksAuth.Replay;
using JwksAuth.Testing;
using static JwksAuth.JwksReplayResult;

namespace JwksAuth.Tests.Replay;

/// <summary>Expiry when the system time and the monotonic clock disagree.</summary>
public class ReplayRoomTests
{
    private readonly FakeClock _clock = new();
    private readonly ReplayRoom _room;

    public ReplayRoomTests() => _room = new ReplayRoom(_clock, 100);

    [Theory]
    [InlineData(60)]
    [InlineData(1)]
    public void After_the_clock_was_set_back_no_other_token_is_refused(int seconds)
    {
        Assert.Equal(Added, Add("a", 70));
        _clock.Advance(TimeSpan.FromSeconds(71));
        _clock.ShiftWallClock(TimeSpan.FromSeconds(-seconds));

        Assert.Equal(Added, Add("another", seconds - 1));
        Assert.Equal(Used, Add("a", seconds - 1));
    }

    [Fact]
    public void The_expiry_of_the_first_token_is_kept_after_a_second_one_was_dropped()
    {
        Assert.Equal(Added, Add("a", 70));
        _clock.ShiftWallClock(TimeSpan.FromSeconds(-50));
        Assert.Equal(Added, Add("b", 71));
        _clock.Advance(TimeSpan.FromSeconds(72));
        _clock.ShiftWallClock(TimeSpan.FromSeconds(100));
        Assert.Equal(Added, Add("c", 70));
        Assert.Equal(1, _room.Count);
        _clock.ShiftWallClock(TimeSpan.FromSeconds(-100));

        Assert.Equal(Used, Add("a", 48));
        Assert.Equal(Added, Add("d", 49));
    }

    private JwksReplayResult Add(string key, int seconds) => _room.TryAdd(Uses.Of(key, TimeSpan.FromSeconds(seconds)));
}
