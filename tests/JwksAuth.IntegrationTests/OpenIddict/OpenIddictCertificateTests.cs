using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JwksAuth.IntegrationTests.AuthorizationServer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace JwksAuth.IntegrationTests.OpenIddict;

/// <summary>Tokens that OpenIddict binds to the certificate that the client authenticates with (RFC 8705), over TLS to server and API.</summary>
public sealed class OpenIddictCertificateTests
{
    [Fact]
    public async Task A_token_passes_with_the_certificate_that_it_was_issued_for_only()
    {
        using var owner = RsaCertificate.CreateForClient();
        using var thief = RsaCertificate.CreateForClient();
        await using var server = await OpenIddictServer.StartAsync(server => server
            .EnableSelfSignedTlsClientAuthentication().UseClientCertificateBoundAccessTokens().DisableAccessTokenEncryption()
            .AddEphemeralSigningKey("ES256").AddEphemeralEncryptionKey(SecurityAlgorithms.Aes256KW));
        await server.RegisterAsync(CreateClient(owner));
        await using var api = await TlsApi.StartAsync(services =>
        {
            server.Trust(services);
            services.AddAuthentication().AddJwksSenderConstraint().AddJwksBearer(options =>
            {
                options.Authority = server.Issuer;
                options.Audience = "api";
            });
        });

        var token = await server.GetTokenAsync("caller-mtls", owner);

        Assert.Equal(Base64Url.EncodeToString(SHA256.HashData(owner.RawData)), (string?)CompactJose.Payload(token)["cnf"]!["x5t#S256"]);
        Assert.Equal("200", await api.AskAsync(token, owner));
        Assert.StartsWith("401 Bearer error=\"invalid_token\"", await api.AskAsync(token, thief), StringComparison.Ordinal);
        Assert.StartsWith("401 Bearer error=\"invalid_token\"", await api.AskAsync(token, null), StringComparison.Ordinal);
        Assert.Equal("200", await api.AskAsync(await server.GetTokenAsync(), null));
    }

    private static OpenIddictApplicationDescriptor CreateClient(X509Certificate2 certificate)
    {
        using var published = X509CertificateLoader.LoadCertificate(certificate.RawData);
        var key = JsonWebKeyConverter.ConvertFromX509SecurityKey(new X509SecurityKey(published), representAsRsaKey: false);
        return new OpenIddictApplicationDescriptor
        {
            ClientId = "caller-mtls",
            JsonWebKeySet = new JsonWebKeySet { Keys = { key } },
            Permissions = { Permissions.Endpoints.Token, Permissions.GrantTypes.ClientCredentials, $"{Permissions.Prefixes.Scope}api" },
        };
    }
}
