using System.Security.Claims;
using System.Text.Json;
using JwksAuth.Introspection.Answers;

namespace JwksAuth.Tests.Introspection.Answers;

/// <summary>The claims that an introspection response becomes.</summary>
public class AnswerIdentityTests
{
    [Theory]
    [InlineData("\"text\"", "text", ClaimValueTypes.String)]
    [InlineData("7", "7", ClaimValueTypes.Integer64)]
    [InlineData("-9223372036854775808", "-9223372036854775808", ClaimValueTypes.Integer64)]
    [InlineData("9223372036854775808", "9223372036854775808", ClaimValueTypes.Double)]
    [InlineData("1.5", "1.5", ClaimValueTypes.Double)]
    [InlineData("true", "true", ClaimValueTypes.Boolean)]
    [InlineData("false", "false", ClaimValueTypes.Boolean)]
    [InlineData("""{"a":1}""", """{"a":1}""", "JSON")]
    [InlineData("[[1]]", "[1]", "JSON")]
    [InlineData("[null,\"\",[],\"a\"]", "a", ClaimValueTypes.String)]
    public void A_value_becomes_a_claim_of_its_type(string json, string value, string type)
    {
        var claim = Assert.Single(Create($$"""{"x":{{json}}}""").Claims);

        Assert.Equal(("x", value, type, "https://issuer.test"), (claim.Type, claim.Value, claim.ValueType, claim.Issuer));
    }

    [Theory]
    [InlineData("""{"active":true}""")]
    [InlineData("""{"x":null}""")]
    [InlineData("""{"x":[]}""")]
    [InlineData("""{"x":"\ud800"}""")]
    [InlineData("""{"sub":["alice","bob"]}""")]
    [InlineData("""{"sub":["alice"]}""")]
    [InlineData("""{"sub":{"id":"alice"}}""")]
    [InlineData("""{"sub":true}""")]
    public void Empty_members_and_lists_of_users_become_no_claim(string json) => Assert.Empty(Create(json).Claims);

    [Theory]
    [InlineData("\"alice\"", "alice")]
    [InlineData("7", "7")]
    public void A_user_is_a_string_or_a_number(string json, string value) => Assert.Equal(value, Create($$"""{"sub":{{json}}}""").FindFirst("sub")?.Value);

    [Fact]
    public void A_member_is_found_by_its_exact_name_only()
    {
        var identity = Create("""{"sUb":"mallory","SCOPE":"admin"}""").Clone();

        Assert.Null(identity.FindFirst("sub"));
        Assert.False(identity.HasClaim("scope", "admin"));
        Assert.Equal("mallory", identity.FindFirst("sUb")?.Value);
    }

    [Fact]
    public void A_list_becomes_a_claim_for_each_item() =>
        Assert.Equal(["read", "7"], Create("""{"x":["read",7,null]}""").FindAll("x").Select(claim => claim.Value));

    [Fact]
    public void Only_the_scheme_names_the_service_provider()
    {
        var json = $$"""{"{{JwksAuthDefaults.ServiceProviderClaimType}}":"forged","{{JwksAuthDefaults.ServiceProviderClaimType.ToUpperInvariant()}}":"forged"}""";

        Assert.Empty(Create(json).Claims);
        Assert.Equal("desk", Assert.Single(Create(json, "desk").Claims).Value);
    }

    [Theory]
    [InlineData("""{"x":"a"}""", "a")]
    [InlineData("""{"x":["a",7,null,"b"]}""", "a b")]
    [InlineData("""{"x":7}""", "")]
    [InlineData("""{"x":{"a":"b"}}""", "")]
    [InlineData("""{"x":""}""", "")]
    [InlineData("""{"y":"a"}""", "")]
    public void The_texts_of_a_member_are_itself_or_its_items(string json, string expected)
    {
        using var answer = JsonDocument.Parse(json);

        Assert.Equal(expected, string.Join(' ', AnswerIdentity.Strings(answer.RootElement, "x")));
    }

    private static ClaimsIdentity Create(string json, string? serviceProvider = null)
    {
        using var answer = JsonDocument.Parse(json);
        var rules = new AnswerRules
        {
            Scheme = "Introspection",
            Time = TimeProvider.System,
            ClockSkew = TimeSpan.Zero,
            Audiences = null,
            AcceptsUndescribed = true,
            ServiceProviderClaim = null,
            RequiredScopes = [],
            NameClaimType = "name",
            RoleClaimType = "role",
        };
        return AnswerIdentity.Create(answer.RootElement, rules, "https://issuer.test", serviceProvider);
    }
}
