using JwksAuth.Bearer.Cache;

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

    [Theory]
    [InlineData(10_000)]
    [InlineData(1)]
    public void IsRepeated_AThousandTokensInTurn_DoNotEvictEachOtherIndefinitely(int capacity)
    {
        var sights = new FirstSights(capacity);
        var tails = Enumerable.Range(0, 1000).Select(Tail).ToList();

        // A recognized token is in the cache and not looked up again.
        for (var turn = 0; tails.Count > 0; turn++)
        {
            Assert.InRange(turn, 0, 100);
            tails.RemoveAll(tail => sights.IsRepeated(tail));
        }
    }

    [Fact]
    public void IsRepeated_MoreTokensThanPlaces_ForgetsMost()
    {
        var sights = new FirstSights(1);
        var tails = Enumerable.Range(0, 4096).Select(Tail).ToArray();

        Assert.InRange(tails.Count(tail => sights.IsRepeated(tail)), 0, 2); // marks have 32 bits: two may be alike
        Assert.True(sights.IsRepeated(tails[^1]));
        Assert.InRange(tails.Count(tail => sights.IsRepeated(tail)), 0, 1024);
    }

    private static string Tail(int number) => $"{number:D16}";
}
