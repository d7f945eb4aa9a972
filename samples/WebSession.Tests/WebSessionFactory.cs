using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using JwksAuth.IntegrationTests.AuthorizationServer;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace WebSession.Tests;

/// <summary>
/// The unchanged application on loopback, registered as a separate client at a real authorization server: https for browsers, and http for the provider, which does
/// not trust the certificate.
/// </summary>
public sealed class WebSessionFactory(OidcProviderFixture provider, string clientId) : WebApplicationFactory<Program>
{
    private readonly X509Certificate2 _certificate = CreateCertificate();

    /// <summary>The address for browsers.</summary>
    public string Address { get; private set; } = "";

    /// <summary>The audience that ID tokens must have. Null: the client.</summary>
    public string? IdTokenAudience { get; init; }

    public async Task StartAsync()
    {
        UseKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseHttps(_certificate));
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        StartServer();
        var addresses = Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Address = addresses.Single(address => address.StartsWith("https:", StringComparison.Ordinal));
        var backChannel = addresses.Single(address => address.StartsWith("http:", StringComparison.Ordinal));
        await provider.RegisterClientAsync(new()
        {
            ["client_id"] = clientId,
            ["client_secret"] = "session-secret",
            ["token_endpoint_auth_method"] = "client_secret_post",
            ["redirect_uris"] = new JsonArray($"{Address}/signin"),
            ["post_logout_redirect_uris"] = new JsonArray($"{Address}/signed-out"),
            ["backchannel_logout_uri"] = $"{backChannel}/backchannel-logout",
            ["backchannel_logout_session_required"] = true,
        });
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("Provider:ClientId", clientId);
        builder.UseSetting("Provider:ClientSecret", "session-secret");
        builder.UseSetting("Provider:AuthorizationEndpoint", $"{provider.Issuer}/auth");
        builder.UseSetting("Provider:TokenEndpoint", $"{provider.Issuer}/token");
        builder.UseSetting("Provider:EndSessionEndpoint", $"{provider.Issuer}/session/end");
        foreach (var (scheme, audience) in new[] { ("Bearer", "urn:api:es256"), ("IdToken", IdTokenAudience ?? clientId), ("BackChannelLogout", clientId) })
        {
            builder.UseSetting($"Authentication:Schemes:{scheme}:Authority", provider.Issuer);
            builder.UseSetting($"Authentication:Schemes:{scheme}:RequireHttpsMetadata", "false");
            builder.UseSetting($"Authentication:Schemes:{scheme}:Audience", audience);
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _certificate.Dispose();
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var now = DateTimeOffset.UtcNow;
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
