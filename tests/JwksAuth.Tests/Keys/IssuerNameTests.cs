using JwksAuth.Keys;

namespace JwksAuth.Tests.Keys;

public class IssuerNameTests
{
    [Theory]
    [InlineData("https://issuer.test", "https://issuer.test", true)]
    [InlineData("https://issuer.test", "https://issuer.test/", true)]
    [InlineData("https://issuer.test/", "https://issuer.test//", true)]
    [InlineData("https://issuer.test", "https://issuer.test//", false)]
    [InlineData("https://issuer.test", "https://issuer.tes", false)]
    [InlineData("https://issuer.test", "https://Issuer.test", false)]
    [InlineData("https://issuer.test/a", "https://issuer.test/a?", false)]
    [InlineData("", "/", true)]
    public void Names_may_differ_only_in_one_trailing_slash(string one, string other, bool expected)
    {
        Assert.Equal(expected, IssuerName.IsSame(one, other));
        Assert.Equal(expected, IssuerName.IsSame(other, one));
    }

    [Theory]
    [InlineData("https://login.test/{tenantid}/v2.0", "https://login.test/one/v2.0", true)]
    [InlineData("https://login.test/{tenantid}", "https://login.test/one", true)]
    [InlineData("https://login.test/{tenantid}/v2.0", "https://login.test//v2.0", false)]
    [InlineData("https://login.test/{tenantid}/v2.0", "https://login.test/one/two/v2.0", false)]
    [InlineData("https://login.test/{tenantid}/v2.0", "https://login.test/one?/v2.0", false)]
    [InlineData("https://login.test/{tenantid}/v2.0", "https://login.test/{tenantid}/v2.0", false)]
    [InlineData("https://login.test/{tenantid}/v2.0", "https://other.test/one/v2.0", false)]
    [InlineData("https://login.test/{tenantid}/v2.0", "https://login.test/v2.0", false)]
    [InlineData("https://login.test/one/v2.0", "https://login.test/one/v2.0", false)]
    [InlineData("{tenantid}/{tenantid}", "one/one", false)]
    public void The_placeholder_stands_for_exactly_one_segment(string template, string name, bool expected) =>
        Assert.Equal(expected, IssuerName.IsTemplateOf(template, name));
}
