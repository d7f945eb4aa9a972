using System.Text.Json.Nodes;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tests.Bearer.Validation;

/// <summary>Bound tokens that are validated without a request and therefore without proof of possession.</summary>
public class BoundTokenValidationTests
{
    private const string Thumbprint = """{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}""";

    public static TheoryData<string> Bindings => new(
        Thumbprint,
        """{"x5t#S256":"bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"}""",
        """{"jwk":{"kty":"EC"}}""",
        """{"kid":"1"}""",
        "{}",
        "\"text\"",
        "0");

    [Theory]
    [MemberData(nameof(Bindings))]
    public async Task The_validator_refuses_a_bound_token_on_every_use(string confirmation)
    {
        await using var issuer = await TestIssuer.StartAsync(new FakeClock());
        await using var api = await TestApi.StartAsync(issuer);
        var token = Bound(issuer, confirmation);

        for (var count = 0; count < 4; count++)
        {
            var result = await api.Validator().ValidateAsync(token);
            Assert.Equal(JwksTokenFailure.Bound, result.Failure);
            Assert.Null(result.Identity);
            Assert.Null(result.Token);
            Assert.Null(result.Confirmation);
        }
    }

    [Theory]
    [MemberData(nameof(Bindings))]
    public async Task A_caller_that_verifies_the_proof_itself_gets_the_token_and_its_binding(string confirmation)
    {
        await using var issuer = await TestIssuer.StartAsync(new FakeClock());
        await using var api = await TestApi.StartAsync(issuer);
        var token = Bound(issuer, confirmation);

        for (var count = 0; count < 4; count++)
        {
            var result = await api.Validator().ValidateBoundAsync(token);
            Assert.True(result.IsValid);
            Assert.Equal(confirmation, result.Confirmation);
        }

        var plain = await api.Validator().ValidateBoundAsync(issuer.CreateToken());
        Assert.True(plain.IsValid);
        Assert.Null(plain.Confirmation);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_token_handler_in_the_options_refuses_a_bound_token_in_any_form(bool hasDelegate)
    {
        await using var issuer = await TestIssuer.StartAsync(new FakeClock());
        await using var api = await TestApi.StartAsync(issuer, options =>
        {
            if (hasDelegate)
                options.TokenValidationParameters.AudienceValidator = (_, _, _) => true;
            options.TokenValidationParameters.SignatureValidator = null;
        });
        var options = api.Services.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>().Get("Bearer");
        var handler = options.TokenHandlers[0];
        var (bound, plain) = (Bound(issuer, Thumbprint), issuer.CreateToken());

        // Parameters with which stock validation would accept any token.
        var lax = new TokenValidationParameters
        {
            ValidateIssuer = false,
            ValidateAudience = false,
            ValidateLifetime = false,
            RequireSignedTokens = false,
            SignatureValidator = (text, _) => new JsonWebToken(text),
        };
        foreach (var parameters in new[] { options.TokenValidationParameters, lax })
        {
            Assert.False((await handler.ValidateTokenAsync(bound, parameters)).IsValid);
            Assert.False((await handler.ValidateTokenAsync(new JsonWebToken(bound), parameters)).IsValid);
            Assert.True((await handler.ValidateTokenAsync(plain, parameters)).IsValid);
            Assert.True((await handler.ValidateTokenAsync(new JsonWebToken(plain), parameters)).IsValid);
        }

        Assert.False((await handler.ValidateTokenAsync(new JsonWebToken(issuer.CreateToken(token => token.WithWrongSignature())), lax)).IsValid);
    }

    private static string Bound(FakeJwksServer issuer, string confirmation) =>
        issuer.CreateToken(token => token.WithClaim("cnf", JsonNode.Parse(confirmation)));
}
