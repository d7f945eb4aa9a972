using System.Security.Claims;
using JwksAuth.Access.Scopes;

namespace JwksAuth.Tests.Access.Scopes;

public class ScopeListTests
{
    [Theory]
    [InlineData("!", true)]
    [InlineData("~", true)]
    [InlineData("https://example.com/scopes/a.b-c_d", true)]
    [InlineData("", false)]
    [InlineData(" ", false)]
    [InlineData("a b", false)]
    [InlineData("a\u001f", false)]
    [InlineData("a\u007f", false)]
    [InlineData("\u00e4", false)]
    [InlineData("a\"", false)]
    [InlineData("a\\", false)]
    public void A_scope_may_contain_only_the_characters_of_RFC_6749(string scope, bool isScope)
    {
        var failure = Record.Exception(() => ScopeList.Check(["first", scope]));

        Assert.Equal(isScope ? null : typeof(ArgumentException), failure?.GetType());
    }

    [Fact]
    public void A_rule_needs_a_scope()
    {
        Assert.Throws<ArgumentNullException>(() => ScopeList.Check(null!));
        Assert.Throws<ArgumentException>(() => ScopeList.Check([]));
        Assert.Throws<ArgumentException>(() => ScopeList.Check([null!]));
        Assert.Throws<ArgumentException>(() => new ScopeRequirement([], all: true));
    }

    [Fact]
    public void A_rule_without_scopes_denies_every_caller()
    {
        var caller = new ClaimsPrincipal(new ClaimsIdentity([new Claim("scope", "read")], "test"));

        Assert.False(ScopeList.Allows(caller, [], all: true));
        Assert.False(ScopeList.Allows(caller, [], all: false));
        Assert.True(ScopeList.Allows(caller, ["read"], all: true));
        Assert.True(ScopeList.Allows(caller, ["write", "read"], all: false));
        Assert.False(ScopeList.Allows(caller, ["write", "read"], all: true));
        Assert.False(ScopeList.Allows(new ClaimsPrincipal(new ClaimsIdentity([new Claim("scope", "read")])), ["read"], all: true));
    }

    [Theory]
    [InlineData(true, "Scope: all of read write")]
    [InlineData(false, "Scope: any of read write")]
    public void A_rule_describes_its_requirement(bool all, string expected)
    {
        var rule = new ScopeRequirement(["read", "write"], all);

        Assert.Equal((expected, all), (rule.ToString(), rule.NeedsAll));
    }
}
