using JwksAuth.Bearer.Identity;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.JsonWebTokens;

namespace JwksAuth.Tests.Bearer.Identity;

public class TokenPropertiesTests
{
    private const string TokenItem = ".Token.access_token";

    [Theory]
    [InlineData(true, 4)]
    [InlineData(false, 2)]
    public async Task The_items_have_the_expiry_of_the_token_and_the_token_if_it_is_saved(bool storesToken, int count)
    {
        await using var issuer = await TestIssuer.StartAsync(new FakeClock());
        var (text, token) = Create(issuer);

        var properties = token.CreateProperties(storesToken);

        Assert.Equal(token.Token.ValidTo, properties.ExpiresUtc?.UtcDateTime);
        Assert.Equal(token.Token.ValidFrom, properties.IssuedUtc?.UtcDateTime);
        Assert.Equal(storesToken ? text : null, properties.GetTokenValue("access_token"));
        Assert.Equal(count, properties.Items.Count);
    }

    [Fact]
    public async Task A_change_in_one_request_does_not_affect_another()
    {
        await using var issuer = await TestIssuer.StartAsync(new FakeClock());
        var (text, token) = Create(issuer);
        var changed = token.CreateProperties(storesToken: true);

        changed.Items.Clear();
        changed.Items["mark"] = "1";
        changed.Parameters["mark"] = 1;

        Assert.Equal(["mark"], changed.Items.Keys);
        var other = token.CreateProperties(storesToken: true);
        Assert.Equal(text, other.GetTokenValue("access_token"));
        Assert.DoesNotContain("mark", other.Items);
        Assert.Empty(other.Parameters);
    }

    [Fact]
    public async Task Every_member_behaves_like_that_of_a_dictionary()
    {
        await using var issuer = await TestIssuer.StartAsync(new FakeClock());
        var (text, token) = Create(issuer);

        foreach (var act in Actions(text))
        {
            var expected = new Dictionary<string, string?>(token.CreateProperties(storesToken: true).Items, StringComparer.Ordinal);
            var actual = token.CreateProperties(storesToken: true).Items;

            Assert.Equal(Outcome(() => act(expected)), Outcome(() => act(actual)));
            Assert.Equal(expected.OrderBy(item => item.Key, StringComparer.Ordinal), actual.OrderBy(item => item.Key, StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task A_first_read_during_a_write_does_not_lose_the_written_item()
    {
        await using var issuer = await TestIssuer.StartAsync(new FakeClock());
        var (_, token) = Create(issuer);

        for (var round = 0; round < 200; round++)
        {
            var properties = token.CreateProperties(storesToken: true);
            using var start = new Barrier(2);

            var writer = Task.Run(() =>
            {
                start.SignalAndWait();
                properties.Items["mark"] = "1";
            });
            await Task.Run(() =>
            {
                start.SignalAndWait();
                return properties.Items.Count;
            });
            await writer;

            Assert.True(properties.Items.ContainsKey("mark"));
        }
    }

    private static IEnumerable<Func<IDictionary<string, string?>, object?>> Actions(string text)
    {
        var held = KeyValuePair.Create<string, string?>(TokenItem, text);
        var foreign = KeyValuePair.Create<string, string?>(TokenItem, "other");
        return
        [
            items => items[TokenItem],
            items => items["missing"],
            items => items["added"] = "1",
            items => { items.Add("added", null); return null; },
            items => { items.Add(TokenItem, "again"); return null; },
            items => { items.Add(KeyValuePair.Create<string, string?>("added", "1")); return null; },
            items => items.ContainsKey(TokenItem),
            items => items.ContainsKey("missing"),
            items => items.Contains(held),
            items => items.Contains(foreign),
            items => items.Remove(TokenItem),
            items => items.Remove("missing"),
            items => items.Remove(held),
            items => items.Remove(foreign),
            items => items.TryGetValue(TokenItem, out var value) ? value : "none",
            items => items.TryGetValue("missing", out var value) ? value : "none",
            items => { items.Clear(); return items.Count; },
            items => items.IsReadOnly,
            items => string.Join(',', items.Keys),
            items => string.Join(',', items.Values),
            items => string.Join(',', ((System.Collections.IEnumerable)items).Cast<KeyValuePair<string, string?>>()),
            items => { var copy = new KeyValuePair<string, string?>[items.Count]; items.CopyTo(copy, 0); return string.Join(',', copy); },
        ];
    }

    private static string Outcome(Func<object?> act)
    {
        object? result = null;
        return Record.Exception(() => result = act())?.GetType().Name ?? $"{result}";
    }

    private static (string Text, ValidatedToken Token) Create(FakeJwksServer issuer)
    {
        var text = issuer.CreateToken();
        return (text, new ValidatedToken(text.AsMemory(), new JsonWebToken(text), new Acceptance(null!, null!, null, null)));
    }
}
