using JwksAuth.Keys;

namespace JwksAuth.Tests.Keys;

public class ExpectedIssuerTests
{
    private const string Name = "https://a.example";
    private const string Template = "https://login.example/{tenantid}/v2.0";

    [Theory]
    [InlineData(Name, true)]
    [InlineData(Name + "/", true)]
    [InlineData("https://b.example", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_configured_name_is_compared_exactly_except_for_one_trailing_slash(string? issuer, bool expected) =>
        Assert.Equal(expected, new ExpectedIssuer([Name], "ValidIssuer").Accepts(issuer, first: null));

    [Theory]
    [InlineData(Name, true)]
    [InlineData("https://b.example", false)]
    public void A_derived_name_is_accepted_too(string issuer, bool expected) =>
        Assert.Equal(expected, new ExpectedIssuer(["https://c.example"], "ValidIssuer") { Derived = Name }.Accepts(issuer, first: null));

    [Fact]
    public void A_template_of_a_configured_name_is_accepted()
    {
        Assert.True(new ExpectedIssuer(["https://login.example/tenant/v2.0"], "ValidIssuer").Accepts(Template, first: null));
        Assert.False(new ExpectedIssuer(["https://login.example/tenant/v1.0"], "ValidIssuer").Accepts(Template, first: null));
    }

    [Fact]
    public void Without_a_configured_name_the_first_name_is_kept()
    {
        var expected = new ExpectedIssuer([], "ValidIssuer") { TakesFirst = true };

        Assert.True(expected.Accepts(Name, first: null));
        Assert.True(expected.Accepts(Name, first: Name));
        Assert.False(expected.Accepts(Name, first: "https://b.example"));
        Assert.False(expected.Accepts(null, first: null));
        Assert.False(new ExpectedIssuer([], "ValidIssuer").Accepts(Name, first: Name));
    }

    [Fact]
    public void Any_name_is_accepted_if_the_application_validates_issuers()
    {
        Assert.True(new ExpectedIssuer([Name], "ValidIssuer") { TakesAny = true }.Accepts("https://b.example", first: null));
        Assert.True(new ExpectedIssuer([Name], "ValidIssuer") { TakesAny = true }.Accepts(null, first: null));
    }

    [Fact]
    public void A_mismatch_names_the_expected_issuer_and_the_setting()
    {
        var stated = new ExpectedIssuer([Name], "ValidIssuer");
        var derived = new ExpectedIssuer([Name], "ValidIssuer") { Derived = "https://c.example", Alternative = "or this" };
        var first = new ExpectedIssuer([], "ValidIssuer") { TakesFirst = true };

        Assert.Equal(
            "The metadata at m names issuer 'https://b.example', but 'https://a.example' is configured: set ValidIssuer to 'https://b.example'.",
            stated.Describe("m", "https://b.example", first: null));
        Assert.Equal(
            "The metadata at m names issuer 'https://b.example', but 'https://a.example' or 'https://c.example' is configured: set ValidIssuer to 'https://b.example', or this.",
            derived.Describe("m", "https://b.example", first: null));
        Assert.Equal(
            "The metadata at m names issuer 'https://b.example', but it named 'https://a.example' before: set ValidIssuer to 'https://b.example'.",
            first.Describe("m", "https://b.example", Name));
    }

    [Fact]
    public void A_missing_name_or_a_template_is_described_as_such()
    {
        var stated = new ExpectedIssuer([Name], "ValidIssuer");

        Assert.Equal("The metadata at m names no issuer.", stated.Describe("m", null, first: null));
        Assert.Contains("list the tenants in ValidIssuers", stated.Describe("m", Template, first: null), StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_rules_are_equal()
    {
        ExpectedIssuer[] different =
        [
            new([Name], "ValidIssuer"),
            new([Name, "https://b.example"], "ValidIssuer"),
            new([Name], "ValidIssuer") { Derived = Name },
            new([Name], "ValidIssuer") { TakesFirst = true },
            new([Name], "ValidIssuer") { TakesAny = true },
            new([], "ValidIssuer"),
        ];
        var same = new ExpectedIssuer([Name], "ValidIssuer");

        Assert.Equal([true, false, false, false, false, false], different.Select(same.Equals));
        Assert.Equal([true, false, false, false, false, false], different.Select(each => same.Equals((object)each)));
        Assert.False(same.Equals((ExpectedIssuer?)null));
        Assert.Equal(same.GetHashCode(), different[0].GetHashCode());
        Assert.NotEqual(same.GetHashCode(), different[5].GetHashCode());
    }
}
