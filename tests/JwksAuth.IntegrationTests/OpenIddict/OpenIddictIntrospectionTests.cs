using System.Net;
using System.Security.Cryptography;
using JwksAuth.IntegrationTests.AuthorizationServer;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;

namespace JwksAuth.IntegrationTests.OpenIddict;

/// <summary>Reference tokens of OpenIddict at an API with <c>AddJwksIntrospection</c>.</summary>
public sealed class OpenIddictIntrospectionTests
{
    [Theory]
    [InlineData("client_secret_basic")]
    [InlineData("client_secret_post")]
    [InlineData("private_key_jwt")]
    public async Task A_reference_token_passes_until_it_is_revoked(string authentication)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var server = await OpenIddictServer.StartAsync(
            server => server.UseReferenceAccessTokens().AddEphemeralSigningKey("ES256").AddEphemeralEncryptionKey(SecurityAlgorithms.Aes256KW));
        await using var api = await StartApiAsync(server, authentication, key);
        using var client = new HttpClient();
        await server.RegisterAsync(new OpenIddictApplicationDescriptor
        {
            ClientId = "api",
            ClientSecret = authentication == "private_key_jwt" ? null : "api-secret",
            JsonWebKeySet = authentication == "private_key_jwt" ? new JsonWebKeySet(await client.GetStringAsync(api.JwksUri)) : null,
            Permissions = { OpenIddictConstants.Permissions.Endpoints.Introspection },
        });
        var token = await server.GetTokenAsync();

        Assert.DoesNotContain('.', token);
        Assert.Equal((HttpStatusCode.OK, "caller"), await api.GetAsync(token));
        Assert.Equal(HttpStatusCode.Unauthorized, (await api.GetAsync(await server.GetTokenAsync(scope: "other"))).Status);

        await server.RevokeAsync(token);
        var (status, challenge) = await api.GetAsync(token);
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Contains("not active", challenge, StringComparison.Ordinal);
    }

    private static Task<IntrospectingApi> StartApiAsync(OpenIddictServer server, string authentication, ECDsa key) => IntrospectingApi.StartAsync(
        server.Issuer,
        options =>
        {
            options.RequireHttpsMetadata = true;
            options.Audience = "api";
            options.ClientAuthentication = authentication;
        },
        server.Trust,
        new JwksPrivateKey { Pem = key.ExportPkcs8PrivateKeyPem(), Use = "sig" });
}
