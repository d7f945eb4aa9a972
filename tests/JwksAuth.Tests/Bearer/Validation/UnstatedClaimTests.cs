using System.Text.Json.Nodes;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;

namespace JwksAuth.Tests.Bearer.Validation;

/// <summary>Claims without a value: null, an empty text, an empty list.</summary>
public class UnstatedClaimTests
{
    private const int Uses = 4;

    public static TheoryData<string> Values => new("null", "\"\"", "[]");

    [Theory]
    [MemberData(nameof(Values))]
    public async Task An_optional_claim_may_be_empty(string value)
    {
        await using var issuer = await TestIssuer.StartAsync(new FakeClock());
        foreach (var hasDelegate in new[] { false, true })
        {
            JsonWebToken? seen = null;
            await using var api = await TestApi.StartAsync(issuer, options =>
            {
                if (hasDelegate)
                    options.TokenValidationParameters.TypeValidator = (type, _, _) => type;
                options.Events = new JwtBearerEvents { OnTokenValidated = context => Task.FromResult(seen = (JsonWebToken)context.SecurityToken) };
            });
            foreach (var name in (string[])[.. value == "[]" ? [] : new[] { "sub", "jti", "azp" }, "client_id", "scope", "acr", "auth_time", "roles", "name", "cnf"])
            {
                var token = issuer.CreateToken(token => token.WithClaim(name, JsonNode.Parse(value)));
                for (var use = 0; use < Uses; use++)
                    Assert.Equal($"{name}: 200", $"{name}: {await api.GetChallengeAsync(token)}");
                Assert.Equal(token, seen!.EncodedToken);
                Assert.Equal(issuer.Issuer, seen.Issuer);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Values))]
    public async Task An_empty_binding_is_ignored(string value)
    {
        await using var issuer = await TestIssuer.StartAsync(new FakeClock());
        await using var api = await TestApi.StartAsync(issuer);
        await using var strict = await TestApi.StartAsync(services =>
        {
            services.AddAuthentication("Bearer").AddJwksBearer().AddJwksSenderConstraint("Bearer", options => options.Required = true);
            services.TrustFakeJwksServer(issuer);
        });
        var token = issuer.CreateToken(token => token.WithClaim("cnf", JsonNode.Parse(value)));

        for (var use = 0; use < Uses; use++)
        {
            var result = await api.Validator().ValidateBoundAsync(token);
            Assert.True(result.IsValid);
            Assert.Null(result.Confirmation);
            Assert.Equal(401, (int)await strict.GetStatusAsync(token));
        }
    }

    [Theory]
    [MemberData(nameof(Values))]
    public async Task An_audience_that_is_not_required_may_be_empty(string value)
    {
        await using var issuer = await TestIssuer.StartAsync(new FakeClock());
        await using var api = await TestApi.StartAsync(issuer, options => options.AcceptAnyAudience = true);
        var token = issuer.CreateToken(token => token.WithClaim("aud", JsonNode.Parse(value)));

        for (var use = 0; use < Uses; use++)
            Assert.Equal("200", await api.GetChallengeAsync(token));
    }

    // IdentityModel cannot read such a token, so stock JwtBearer refuses it too.
    [Theory]
    [InlineData("nbf", "null")]
    [InlineData("nbf", "\"\"")]
    [InlineData("exp", "null")]
    [InlineData("iat", "[]")]
    [InlineData("sub", "[]")]
    [InlineData("jti", "[]")]
    [InlineData("azp", "[ ]")]
    public async Task A_value_that_IdentityModel_cannot_read_is_refused_without_an_exception(string name, string value)
    {
        await using var issuer = await TestIssuer.StartAsync(new FakeClock());
        await using var api = await TestApi.StartAsync(issuer, options =>
        {
            options.RequireIssuedAt = false;
            options.TokenValidationParameters.RequireExpirationTime = false;
        });

        Assert.Equal(
            "401 Bearer error=\"invalid_token\", error_description=\"The token is not a well-formed signed JWT\"",
            await api.GetChallengeAsync(issuer.CreateToken(token => token.WithClaim(name, JsonNode.Parse(value)))));
    }

    [Theory]
    [MemberData(nameof(Values))]
    public async Task An_empty_required_claim_counts_as_missing(string value)
    {
        await using var issuer = await TestIssuer.StartAsync(new FakeClock());
        await using var api = await TestApi.StartAsync(issuer);

        foreach (var name in new[] { "iss", "aud", "exp", "iat" })
        {
            Assert.Equal(
                $"401 Bearer error=\"invalid_token\", error_description=\"The token has no {name} claim\"",
                await api.GetChallengeAsync(issuer.CreateToken(token => token.WithClaim(name, JsonNode.Parse(value)))));
        }

        Assert.Equal(0, issuer.JwksRequestCount - 1);
    }

    [Theory]
    [InlineData("sub", "5")]
    [InlineData("sub", "[\"a\"]")]
    [InlineData("jti", "5")]
    [InlineData("azp", "{}")]
    [InlineData("exp", "\"4102444800\"")]
    [InlineData("iat", "[0]")]
    [InlineData("aud", "[\"api\",null]")]
    public async Task A_registered_claim_of_another_type_is_refused(string name, string value)
    {
        await using var issuer = await TestIssuer.StartAsync(new FakeClock());
        await using var api = await TestApi.StartAsync(issuer);

        Assert.StartsWith("401 ", await api.GetChallengeAsync(issuer.CreateToken(token => token.WithClaim(name, JsonNode.Parse(value)))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kid")]
    [InlineData("typ")]
    [InlineData("alg")]
    [InlineData("x5t")]
    [InlineData("crit")]
    public async Task An_empty_header_value_is_refused(string name)
    {
        await using var issuer = await TestIssuer.StartAsync(new FakeClock());
        await using var api = await TestApi.StartAsync(issuer);

        Assert.StartsWith("401 ", await api.GetChallengeAsync(issuer.CreateToken(token => token.WithHeader(name, null))), StringComparison.Ordinal);
    }
}
