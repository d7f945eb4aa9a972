using JwksAuth.Foundation.Collections;

namespace JwksAuth.Tests.Foundation.Collections;

public class RecencyMapTests
{
    private readonly RecencyMap<string, string> _map = new(StringComparer.Ordinal);

    public RecencyMapTests()
    {
        foreach (var name in (string[])["a", "b", "c"])
            _map.Add(name, name.ToUpperInvariant());
    }

    [Fact]
    public void A_value_that_is_used_becomes_the_most_recent_one()
    {
        Assert.Equal("A", _map.Use("a"));
        Assert.Equal(["B", "C", "A"], _map.Values);
        Assert.Equal("B", _map.Oldest);
    }

    [Fact]
    public void A_removed_value_is_gone_and_the_next_oldest_takes_its_place()
    {
        Assert.Equal("A", _map.Remove("a"));
        Assert.Null(_map.Use("a"));
        Assert.Null(_map.Remove("a"));
        Assert.Equal(("B", 2), (_map.Oldest, _map.Count));
    }

    [Fact]
    public void An_unknown_key_changes_nothing()
    {
        Assert.Null(_map.Use("A"));
        Assert.Equal(["A", "B", "C"], _map.Values);
    }

    [Fact]
    public void A_cleared_map_is_empty()
    {
        _map.Clear();

        Assert.Null(_map.Oldest);
        Assert.Null(_map.Use("b"));
        Assert.Equal(0, _map.Count);
    }
}
