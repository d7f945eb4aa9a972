using System.Net;
using System.Security.Cryptography;
using JwksAuth.IntegrationTests.AuthorizationServer;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.IntegrationTests.OpenIddict;

/// <summary>Signed access tokens of OpenIddict at an API that knows only the server's address.</summary>
public sealed class OpenIddictAccessTokenTests
{
    private const string Jwks = "/.well-known/jwks";

    // The cooldown ends because the test advances the API's clock, not by waiting.
    private static readonly TimeSpan Cooldown = TimeSpan.FromSeconds(10);

    private readonly FakeClock _clock = new(TimeProvider.System.GetUtcNow());

    [Theory]
    [InlineData("RS256")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public async Task A_token_passes_and_one_for_another_resource_does_not(string algorithm)
    {
        var credentials = new SigningCredentials(CreateKey(algorithm), algorithm);
        await using var server = await OpenIddictServer.StartAsync(server => Sign(server).AddSigningCredentials(credentials));
        await using var api = await StartApiAsync(server);

        var token = await server.GetTokenAsync();

        Assert.Equal(algorithm, (string?)CompactJose.Header(token)["alg"]);
        Assert.Equal("at+jwt", (string?)CompactJose.Header(token)["typ"]);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(await server.GetTokenAsync(scope: "other")));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(token[..^4] + "AAAA"));
    }

    [Fact]
    public async Task Old_and_new_tokens_pass_after_a_restart_with_a_second_certificate_and_cost_one_fetch()
    {
        using var current = RsaCertificate.CreateForSigning(days: 30);
        using var next = RsaCertificate.CreateForSigning(days: 60); // signs, because it is valid longer
        await using var server = await OpenIddictServer.StartAsync(server => Sign(server).AddSigningCertificate(current));
        await using var api = await StartApiAsync(server);
        var old = await server.GetTokenAsync();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(old));
        Assert.Equal(1, server.CountRequests(Jwks));

        await server.RestartAsync(server => Sign(server).AddSigningCertificate(current).AddSigningCertificate(next));
        _clock.Advance(Cooldown);
        var fresh = await server.GetTokenAsync();

        Assert.NotEqual((string?)CompactJose.Header(old)["kid"], (string?)CompactJose.Header(fresh)["kid"]);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(old));
        Assert.Equal(1, server.CountRequests(Jwks));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(fresh));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(old));
        Assert.Equal(2, server.CountRequests(Jwks));
    }

    [Fact]
    public async Task Tokens_of_a_key_that_a_restart_dropped_are_refused_after_the_first_token_of_the_new_key()
    {
        await using var server = await OpenIddictServer.StartAsync(server => Sign(server).AddEphemeralSigningKey("ES256"));
        await using var api = await StartApiAsync(server);
        var old = await server.GetTokenAsync();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(old));

        await server.StopAsync();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(old));
        await server.RestartAsync(server => Sign(server).AddEphemeralSigningKey("ES256"));
        _clock.Advance(Cooldown);

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(await server.GetTokenAsync()));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(old));
        Assert.Equal(2, server.CountRequests(Jwks));
    }

    private static OpenIddictServerBuilder Sign(OpenIddictServerBuilder server) =>
        server.DisableAccessTokenEncryption().AddEphemeralEncryptionKey(SecurityAlgorithms.Aes256KW); // for what it stores

    private static SecurityKey CreateKey(string algorithm) => algorithm switch
    {
        "ES256" => new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)),
        "ES384" => new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP384)),
        "ES512" => new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP521)),
        _ => new RsaSecurityKey(RSA.Create(2048)),
    };

    private Task<KestrelApi> StartApiAsync(OpenIddictServer server) => KestrelApi.StartAsync(
        server.Issuer,
        options =>
        {
            options.RequireHttpsMetadata = true;
            options.TimeProvider = _clock;
        },
        addServices: server.Trust);
}
