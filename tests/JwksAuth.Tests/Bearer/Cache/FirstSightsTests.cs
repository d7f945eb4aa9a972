using JwksAuth.Bearer;

namespace JwksAuth.Tests.Bearer.Cache;

public class FirstSightsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(10_000)]
    [InlineData(int.MaxValue)]
    public void IsRepeated_SecondTime_IsTrueUntilCleared(int capacity)
    {
        var sights = new FirstSights(capacity);
        var tail = Tail(1);

        Assert.Equal([false, true, true], [sights.IsRepeated(tail), sights.IsRepeated(tail), sights.IsRepeated(tail)]);
        sights.Clear();
        Assert.False(sights.IsRepeated(tail));
    }

    [Fact]
    public void IsRepeated_TokensInTurn_DoNotDriveEachOtherOut()
    {
        var sights = new FirstSights(10_000);
        var tails = Enumerable.Range(0, 500).Select(Tail).ToArray();

        Assert.InRange(tails.Count(sights.IsRepeated), 0, 1); // marks have 32 bits: two may be alike
        Assert.Equal(tails.Length, tails.Count(sights.IsRepeated));
    }

    [Fact]
    public void IsRepeated_MoreTokensThanPlaces_ForgetsMost()
    {
        var sights = new FirstSights(1);
        var tails = Enumerable.Range(0, 4096).Select(Tail).ToArray();

        Assert.InRange(tails.Count(sights.IsRepeated), 0, 2); // marks have 32 bits: two may be alike
        Assert.True(sights.IsRepeated(tails[^1]));
        Assert.InRange(tails.Count(sights.IsRepeated), 0, 1024);
    }

    private static TokenTail Tail(int number) => new((ulong)number, 7);
}
