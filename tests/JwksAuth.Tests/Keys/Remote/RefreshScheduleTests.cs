using JwksAuth.Keys.Remote;

namespace JwksAuth.Tests.Keys.Remote;

public class RefreshScheduleTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData(0)]
    [InlineData(-30)]
    [InlineData(1)]
    [InlineData(61)]
    [InlineData(300)]
    [InlineData(31536000)]
    [InlineData(null)]
    public void AfterSuccess_AnyFreshness_IsBetweenOneMinuteAndTheInterval(int? freshForSeconds)
    {
        TimeSpan? freshFor = freshForSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

        foreach (var random in new[] { 0, 0.25, 0.5, 0.999999 })
            Assert.InRange(RefreshSchedule.AfterSuccess(Interval, freshFor, random), TimeSpan.FromMinutes(1), Interval);
    }

    [Fact]
    public void AfterSuccess_NothingSaid_SpreadsOverTheLastFifthOfTheInterval()
    {
        Assert.Equal(TimeSpan.FromMinutes(4), RefreshSchedule.AfterSuccess(Interval, null, 0));
        Assert.Equal(TimeSpan.FromMinutes(4.5), RefreshSchedule.AfterSuccess(Interval, null, 0.5));
    }

    [Fact]
    public void AfterSuccess_IntervalBelowAMinute_IsKept() =>
        Assert.InRange(
            RefreshSchedule.AfterSuccess(TimeSpan.FromSeconds(20), TimeSpan.Zero, 0.5), TimeSpan.FromSeconds(16), TimeSpan.FromSeconds(20));

    [Fact]
    public void AfterFailure_InARow_DoublesFromTenSecondsToAMinute()
    {
        var delays = Enumerable.Range(1, 6).Select(failures => RefreshSchedule.AfterFailure(failures, TimeSpan.FromSeconds(10)).TotalSeconds);

        Assert.Equal([10, 20, 40, 60, 60, 60], delays);
    }

    [Fact]
    public void AfterFailure_WiderWindow_IsNeverBelowIt() =>
        Assert.Equal(TimeSpan.FromSeconds(90), RefreshSchedule.AfterFailure(1, TimeSpan.FromSeconds(90)));

    [Fact]
    public void AfterFailure_ThousandsInARow_StaysAtAMinute() =>
        Assert.Equal(TimeSpan.FromMinutes(1), RefreshSchedule.AfterFailure(100_000, TimeSpan.FromSeconds(10)));

    [Fact]
    public void AfterFailedStart_InARow_DoublesFromOneSecondToTen()
    {
        var delays = Enumerable.Range(1, 7).Select(failures => RefreshSchedule.AfterFailedStart(failures).TotalSeconds);

        Assert.Equal([1, 2, 4, 8, 10, 10, 10], delays);
    }

    [Fact]
    public void AfterSuccess_ReplicasStartedTogether_AreSpreadByTheThirdRefresh()
    {
        var random = new Random(1);
        var seconds = Enumerable.Range(0, 100)
            .Select(_ => Enumerable.Range(0, 3).Sum(_ => RefreshSchedule.AfterSuccess(Interval, null, random.NextDouble()).TotalSeconds))
            .ToList();

        Assert.True(seconds.Max() - seconds.Min() >= 30);
        Assert.All(seconds.GroupBy(second => (int)second), second => Assert.InRange(second.Count(), 1, 10));
    }
}
