using System.Net;
using System.Text.Json.Nodes;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Bearer;

/// <summary>Tokens without a kid that name the certificate of their key, as those of AD FS and Azure AD B2C do.</summary>
public class CertificateThumbprintTests
{
    private const string Thumbprint = "dGh1bWJwcmludCBvZiBvbmUga2V5";

    [Theory]
    [InlineData("x5t", Thumbprint, 200)]
    [InlineData("x5t#S256", Thumbprint, 200)]
    [InlineData("x5t", "YW5vdGhlciB0aHVtYnByaW50IGEga2V5", 401)]
    [InlineData("x5t", "", 401)]
    [InlineData("x5u", Thumbprint, 401)]
    public async Task The_key_is_found_by_the_thumbprint_of_its_certificate(string header, string value, int expected)
    {
        await using var issuer = await StartAsync((Thumbprint, "other"), header == "x5u" ? "x5t" : header);
        await using var api = await TestApi.StartAsync(issuer);
        var token = issuer.CreateToken(token => token.WithKeyId(null).WithHeader(header, value));

        for (var use = 0; use < 4; use++)
            Assert.Equal(expected, (int)await api.GetStatusAsync(token));
        Assert.Equal(1, issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_thumbprint_that_two_keys_have_decides_nothing()
    {
        await using var issuer = await StartAsync((Thumbprint, Thumbprint), "x5t");
        await using var api = await TestApi.StartAsync(issuer);

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(issuer.CreateToken(token => token.WithKeyId(null).WithHeader("x5t", Thumbprint))));
    }

    [Fact]
    public async Task The_thumbprint_of_another_key_lets_no_token_pass()
    {
        await using var issuer = await StartAsync(("other", Thumbprint), "x5t");
        await using var api = await TestApi.StartAsync(issuer);

        Assert.Equal(
            "401 Bearer error=\"invalid_token\", error_description=\"The signature of the token is invalid\"",
            await api.GetChallengeAsync(issuer.CreateToken(token => token.WithKeyId(null).WithHeader("x5t", Thumbprint))));
    }

    // The issuer publishes two keys that fit, and signs with the second one.
    private static async Task<FakeJwksServer> StartAsync((string Current, string Other) thumbprints, string member)
    {
        var issuer = await TestIssuer.StartAsync(new FakeClock());
        issuer.CurrentKey.CustomizeJwk(jwk => jwk[member] = JsonValue.Create(thumbprints.Other));
        issuer.RotateKey();
        issuer.CurrentKey.CustomizeJwk(jwk => jwk[member] = JsonValue.Create(thumbprints.Current));
        return issuer;
    }
}
