using JwksAuth.Keys.Remote;

namespace JwksAuth.Tests.Keys.Remote;

public class RefreshDelaysTests
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
    public void The_next_refresh_is_between_one_minute_and_the_interval_for_any_freshness(int? freshForSeconds)
    {
        TimeSpan? freshFor = freshForSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

        foreach (var random in new[] { 0, 0.25, 0.5, 0.999999 })
            Assert.InRange(RefreshDelays.AfterSuccess(Interval, freshFor, random), TimeSpan.FromMinutes(1), Interval);
    }

    [Fact]
    public void Without_caching_headers_refreshes_spread_over_the_last_fifth_of_the_interval()
    {
        Assert.Equal(TimeSpan.FromMinutes(4), RefreshDelays.AfterSuccess(Interval, null, 0));
        Assert.Equal(TimeSpan.FromMinutes(4.5), RefreshDelays.AfterSuccess(Interval, null, 0.5));
    }

    [Fact]
    public void An_interval_below_a_minute_is_kept() =>
        Assert.InRange(
            RefreshDelays.AfterSuccess(TimeSpan.FromSeconds(20), TimeSpan.Zero, 0.5), TimeSpan.FromSeconds(16), TimeSpan.FromSeconds(20));

    [Fact]
    public void After_failures_the_delay_doubles_from_ten_seconds_to_a_minute()
    {
        var delays = Enumerable.Range(1, 6).Select(failures => RefreshDelays.AfterFailure(failures, TimeSpan.FromSeconds(10)).TotalSeconds);

        Assert.Equal([10, 20, 40, 60, 60, 60], delays);
    }

    [Fact]
    public void The_delay_after_a_failure_is_never_shorter_than_the_cooldown() =>
        Assert.Equal(TimeSpan.FromSeconds(90), RefreshDelays.AfterFailure(1, TimeSpan.FromSeconds(90)));

    [Fact]
    public void After_thousands_of_failures_the_delay_stays_at_a_minute() =>
        Assert.Equal(TimeSpan.FromMinutes(1), RefreshDelays.AfterFailure(100_000, TimeSpan.FromSeconds(10)));

    [Fact]
    public void After_failures_at_the_start_the_delay_doubles_from_one_second_to_ten()
    {
        var delays = Enumerable.Range(1, 7).Select(failures => RefreshDelays.AfterFailedStart(failures).TotalSeconds);

        Assert.Equal([1, 2, 4, 8, 10, 10, 10], delays);
    }

    [Fact]
    public void Replicas_that_started_together_are_spread_by_the_third_refresh()
    {
        var random = new Random(1);
        var seconds = Enumerable.Range(0, 100)
            .Select(_ => Enumerable.Range(0, 3).Sum(_ => RefreshDelays.AfterSuccess(Interval, null, random.NextDouble()).TotalSeconds))
            .ToList();

        Assert.True(seconds.Max() - seconds.Min() >= 30);
        Assert.All(seconds.GroupBy(second => (int)second), second => Assert.InRange(second.Count(), 1, 10));
    }
}
