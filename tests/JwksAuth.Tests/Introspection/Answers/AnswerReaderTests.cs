using System.Text;
using JwksAuth.Introspection.Answers;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Introspection.Answers;

/// <summary>The rules for an active token, each tested alone.</summary>
public class AnswerReaderTests
{
    private const string Issuer = "https://issuer.test";

    private readonly FakeClock _clock = new();

    [Theory]
    [InlineData("exp", -59, null)]
    [InlineData("exp", -60, "Expired")]
    [InlineData("nbf", 60, null)]
    [InlineData("nbf", 61, "NotYetValid")]
    [InlineData("iat", 60, null)]
    [InlineData("iat", 61, "NotYetValid")]
    public void A_token_is_valid_within_the_skew(string member, int seconds, string? failure) =>
        Assert.Equal(failure, Judge($$"""{"active":true,"{{member}}":{{_clock.GetUtcNow().ToUnixTimeSeconds() + seconds}}}"""));

    [Theory]
    [InlineData("""{"active":true}""", "NotAccessToken")]
    [InlineData("""{"active":true,"sub":"alice"}""", "NotAccessToken")]
    [InlineData("""{"active":true,"aud":"","token_type":null,"typ":""}""", "NotAccessToken")]
    [InlineData("""{"active":true,"aud":"another"}""", null)]
    [InlineData("""{"active":true,"token_type":"Bearer"}""", null)]
    [InlineData("""{"active":true,"typ":"Bearer"}""", null)]
    [InlineData("""{"active":true,"token_use":"access"}""", null)]
    [InlineData("""{"active":true,"token_usage":"access_token"}""", null)]
    [InlineData("""{"active":true,"aud":"another","typ":"ID"}""", "NotAccessToken")]
    public void A_token_with_neither_audience_nor_type_passes_only_with_the_option(string json, string? failure)
    {
        Assert.Equal(failure, Judge(json, rules => rules with { AcceptsUndescribed = false }));
        Assert.Equal(json.Contains("ID", StringComparison.Ordinal) ? failure : null, Judge(json));
    }

    [Theory]
    [InlineData("Bearer", null)]
    [InlineData("dpop", null)]
    [InlineData("ACCESS_TOKEN", null)]
    [InlineData("urn:ietf:params:oauth:token-type:access_token", null)]
    [InlineData("N_A", "NotAccessToken")]
    [InlineData("urn:ietf:params:oauth:token-type:refresh_token", "NotAccessToken")]
    public void The_types_of_access_tokens_are_listed(string type, string? failure) => Assert.Equal(failure, Judge($$"""{"active":true,"token_type":"{{type}}"}"""));

    [Theory]
    [InlineData("Refresh")]
    [InlineData("refresh_token")]
    [InlineData("Offline")]
    [InlineData("id")]
    [InlineData("ID_TOKEN")]
    [InlineData("logout")]
    public void Other_kinds_of_tokens_are_recognized_by_three_members(string kind)
    {
        foreach (var member in (string[])["typ", "token_use", "token_usage"])
            Assert.Equal("NotAccessToken", Judge($$"""{"active":true,"token_type":"Bearer","{{member}}":"{{kind}}"}"""));
    }

    [Fact]
    public void The_service_provider_is_required_only_if_a_member_is_named()
    {
        const string Unnamed = """{"active":true}""", Named = """{"active":true,"client_id":"desk"}""";

        Assert.Null(Judge(Unnamed));
        Assert.Equal("NoServiceProvider", Judge(Unnamed, rules => rules with { ServiceProviderClaim = "client_id" }));
        Assert.Null(Judge(Named, rules => rules with { ServiceProviderClaim = "client_id" }));
    }

    [Fact]
    public void One_of_the_required_scopes_is_enough()
    {
        Assert.Equal("InsufficientScope", Judge("""{"active":true}""", rules => rules with { RequiredScopes = ["read", "write"] }));
        Assert.Equal("InsufficientScope", Judge("""{"active":true,"scope":"reader"}""", rules => rules with { RequiredScopes = ["read", "write"] }));
        Assert.Null(Judge("""{"active":true,"scope":"other write"}""", rules => rules with { RequiredScopes = ["read", "write"] }));
        Assert.Null(Judge("""{"active":true,"scope":["write"]}""", rules => rules with { RequiredScopes = ["read", "write"] }));
    }

    [Theory]
    [InlineData("-62135596801", "0001-01-01T00:00:00")]
    [InlineData("-62135596800", "0001-01-01T00:00:00")]
    [InlineData("-62135596799", "0001-01-01T00:00:01")]
    [InlineData("0", "1970-01-01T00:00:00")]
    public void A_date_before_the_first_supported_date_is_the_first_date(string seconds, string expected) =>
        Assert.Equal(expected, Accept($$"""{"active":true,"iat":{{seconds}}}""").IssuedAt?.ToString("s", null));

    [Theory]
    [InlineData("253402300798", "9999-12-31T23:59:58")]
    [InlineData("253402300799", "9999-12-31T23:59:59")]
    [InlineData("253402300800", "9999-12-31T23:59:59")]
    [InlineData("1e300", "9999-12-31T23:59:59")]
    public void A_date_beyond_the_last_supported_date_is_the_last_date(string seconds, string expected) =>
        Assert.Equal(expected, Accept($$"""{"active":true,"exp":{{seconds}}}""").ExpiresAt?.ToString("s", null));

    [Theory]
    [InlineData("""{"active":true}""", null)]
    [InlineData("""{"active":true,"token_type":"Bearer"}""", null)]
    [InlineData("""{"active":true,"token_type":"dpop"}""", "{}")]
    [InlineData("""{"active":true,"token_type":"DPoP","cnf":{"jkt":"a"}}""", """{"jkt":"a"}""")]
    [InlineData("""{"active":true,"cnf":7}""", "7")]
    public void A_binding_comes_from_the_response_or_from_the_token_type(string json, string? expected) => Assert.Equal(expected, Accept(json).Confirmation);

    private AnswerReader With(Func<AnswerRules, AnswerRules>? change)
    {
        var rules = new AnswerRules
        {
            Scheme = "Introspection",
            Time = _clock,
            ClockSkew = TimeSpan.FromMinutes(1),
            Audiences = null,
            AcceptsUndescribed = true,
            ServiceProviderClaim = null,
            RequiredScopes = [],
            NameClaimType = "name",
            RoleClaimType = "role",
        };
        return new AnswerReader(change?.Invoke(rules) ?? rules);
    }

    private string? Judge(string json, Func<AnswerRules, AnswerRules>? change = null) =>
        With(change).Read(Encoding.UTF8.GetBytes(json), Issuer, null).Verdict!.Failure?.ToString();

    private ActiveToken Accept(string json) => With(null).Read(Encoding.UTF8.GetBytes(json), Issuer, null).Verdict!.Token!;
}
