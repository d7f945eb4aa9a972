using JwksAuth.Bearer.Cache;

namespace JwksAuth.Tests.Bearer.Cache;

public class FirstSightsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(10_000)]
    [InlineData(int.MaxValue)]
    public void A_token_counts_as_repeated_from_its_second_use_until_the_table_is_cleared(int capacity)
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
    public void A_thousand_tokens_in_turn_do_not_evict_each_other_indefinitely(int capacity)
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
    public void More_tokens_than_places_evict_most_marks()
    {
        var sights = new FirstSights(1);
        var tails = Enumerable.Range(0, 4096).Select(Tail).ToArray();

        Assert.InRange(tails.Count(tail => sights.IsRepeated(tail)), 0, 2); // marks have 32 bits: two may be alike
        Assert.True(sights.IsRepeated(tails[^1]));
        Assert.InRange(tails.Count(tail => sights.IsRepeated(tail)), 0, 1024);
    }

    private static string Tail(int number) => $"{number:D16}";
}
