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
    public void Accepts_ConfiguredName_IsComparedButForASlash(string? issuer, bool expected) =>
        Assert.Equal(expected, new ExpectedIssuer([Name], "ValidIssuer").Accepts(issuer, first: null));

    [Theory]
    [InlineData(Name, true)]
    [InlineData("https://b.example", false)]
    public void Accepts_DerivedName_IsOneMore(string issuer, bool expected) =>
        Assert.Equal(expected, new ExpectedIssuer(["https://c.example"], "ValidIssuer") { Derived = Name }.Accepts(issuer, first: null));

    [Fact]
    public void Accepts_TemplateOfAConfiguredName_IsAccepted()
    {
        Assert.True(new ExpectedIssuer(["https://login.example/tenant/v2.0"], "ValidIssuer").Accepts(Template, first: null));
        Assert.False(new ExpectedIssuer(["https://login.example/tenant/v1.0"], "ValidIssuer").Accepts(Template, first: null));
    }

    [Fact]
    public void Accepts_NoNameConfigured_TheFirstOneMustStay()
    {
        var expected = new ExpectedIssuer([], "ValidIssuer") { TakesFirst = true };

        Assert.True(expected.Accepts(Name, first: null));
        Assert.True(expected.Accepts(Name, first: Name));
        Assert.False(expected.Accepts(Name, first: "https://b.example"));
        Assert.False(expected.Accepts(null, first: null));
        Assert.False(new ExpectedIssuer([], "ValidIssuer").Accepts(Name, first: Name));
    }

    [Fact]
    public void Accepts_ApplicationThatValidatesIssuers_AcceptsAny()
    {
        Assert.True(new ExpectedIssuer([Name], "ValidIssuer") { TakesAny = true }.Accepts("https://b.example", first: null));
        Assert.True(new ExpectedIssuer([Name], "ValidIssuer") { TakesAny = true }.Accepts(null, first: null));
    }

    [Fact]
    public void Describe_Mismatch_NamesWhatIsExpectedAndWhatToSet()
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
    public void Describe_NoNameOrATemplate_SaysSo()
    {
        var stated = new ExpectedIssuer([Name], "ValidIssuer");

        Assert.Equal("The metadata at m names no issuer.", stated.Describe("m", null, first: null));
        Assert.Contains("list the tenants in ValidIssuers", stated.Describe("m", Template, first: null), StringComparison.Ordinal);
    }

    [Fact]
    public void Equals_SameRules_AreEqual()
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
