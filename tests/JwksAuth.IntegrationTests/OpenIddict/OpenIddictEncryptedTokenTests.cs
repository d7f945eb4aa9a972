using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JwksAuth.IntegrationTests.AuthorizationServer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.IntegrationTests.OpenIddict;

/// <summary>Access tokens as OpenIddict encrypts them by default, at an API whose key ring has the private key.</summary>
public sealed class OpenIddictEncryptedTokenTests : IDisposable
{
    private readonly ECDsaSecurityKey _signing = new(ECDsa.Create(ECCurve.NamedCurves.nistP256));
    private readonly RsaSecurityKey _first = new(RSA.Create(2048)) { KeyId = "first" };
    private readonly RsaSecurityKey _second = new(RSA.Create(2048)) { KeyId = "second" };

    [Fact]
    public async Task A_token_for_a_certificate_passes_where_the_key_ring_names_it_by_its_thumbprint()
    {
        using var certificate = RsaCertificate.CreateForEncryption();
        var key = certificate.GetRSAPrivateKey()!;
        await using var server = await OpenIddictServer.StartAsync(server => server.AddSigningKey(_signing).AddEncryptionCertificate(certificate));
        await using var api = await StartApiAsync(server, new RsaSecurityKey(key) { KeyId = certificate.Thumbprint });
        await using var stranger = await StartApiAsync(server, new RsaSecurityKey(_first.Rsa) { KeyId = certificate.Thumbprint });

        var token = await server.GetTokenAsync();

        Assert.Equal("RSA-OAEP A256CBC-HS512", $"{CompactJose.Header(token)["alg"]} {CompactJose.Header(token)["enc"]}");
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
        Assert.Equal(HttpStatusCode.Unauthorized, await stranger.GetStatusAsync(token));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(await server.GetTokenAsync(scope: "other")));
    }

    [Fact]
    public async Task Tokens_for_the_old_and_the_new_key_pass_after_the_server_restarts()
    {
        await using var server = await StartServerAsync(_first);
        await using var api = await StartApiAsync(server, _second, _first);
        var old = await server.GetTokenAsync();

        await server.RestartAsync(server => Encrypt(server, _second));
        var fresh = await server.GetTokenAsync();

        Assert.Equal(("first", "second"), ((string?)CompactJose.Header(old)["kid"], (string?)CompactJose.Header(fresh)["kid"]));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(fresh));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(old));
    }

    [Fact]
    public async Task A_scheme_that_does_not_accept_the_algorithm_of_the_server_refuses_its_tokens()
    {
        await using var server = await StartServerAsync(_first);
        await using var api = await KestrelApi.StartAsync(server.Issuer, addServices: services => AddKeys(services, server, _first));

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(await server.GetTokenAsync()));
    }

    public void Dispose()
    {
        _signing.ECDsa.Dispose();
        _first.Rsa.Dispose();
        _second.Rsa.Dispose();
    }

    private Task<OpenIddictServer> StartServerAsync(RsaSecurityKey key) => OpenIddictServer.StartAsync(server => Encrypt(server, key));

    private void Encrypt(OpenIddictServerBuilder server, RsaSecurityKey key) => server.AddSigningKey(_signing).AddEncryptionKey(key);

    private static Task<KestrelApi> StartApiAsync(OpenIddictServer server, params RsaSecurityKey[] keys) => KestrelApi.StartAsync(
        server.Issuer,
        options =>
        {
            options.EncryptionAlgorithms = ["RSA-OAEP"];
            options.ContentEncryptionAlgorithms = ["A256CBC-HS512"];
        },
        addServices: services => AddKeys(services, server, keys));

    private static void AddKeys(IServiceCollection services, OpenIddictServer server, params RsaSecurityKey[] keys)
    {
        server.Trust(services);
        services.AddJwksKeyRing(options =>
        {
            foreach (var key in keys)
                options.Keys.Add(new JwksPrivateKey { Pem = key.Rsa.ExportPkcs8PrivateKeyPem(), KeyId = key.KeyId });
        });
    }
}
