using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Tests.Access;

/// <summary>Tokens bound to client certificates (RFC 8705), over real TLS on loopback.</summary>
public sealed class CertificateBindingTests : IDisposable
{
    private readonly X509Certificate2 _server = CreateCertificate("CN=localhost");
    private readonly X509Certificate2 _client = CreateCertificate("CN=client");
    private readonly X509Certificate2 _thief = CreateCertificate("CN=thief");

    [Fact]
    public async Task A_bound_token_passes_on_connections_with_its_certificate_only()
    {
        await using var issuer = await AccessApi.StartIssuerAsync(new FakeClock(TimeProvider.System.GetUtcNow()));
        await using var application = await StartAsync(issuer);
        var token = issuer.CreateToken(token => token.WithClaim("cnf", new JsonObject { ["x5t#S256"] = Base64Url.EncodeToString(SHA256.HashData(_client.RawData)) }));

        const string Refused = "401 Bearer error=\"invalid_token\", error_description=\"The token is bound to a key, which the request does not prove\"";
        Assert.Equal("200", await AskAsync(application, token, _client));
        Assert.Equal(Refused, await AskAsync(application, token, _thief));
        Assert.Equal(Refused, await AskAsync(application, token, null));
        Assert.Equal("200", await AskAsync(application, token, _client));
    }

    [Fact]
    public async Task A_plain_token_needs_no_certificate()
    {
        await using var issuer = await AccessApi.StartIssuerAsync(new FakeClock(TimeProvider.System.GetUtcNow()));
        await using var application = await StartAsync(issuer);

        Assert.Equal("200", await AskAsync(application, issuer.CreateToken(), null));
    }

    public void Dispose()
    {
        _server.Dispose();
        _client.Dispose();
        _thief.Dispose();
    }

    private async Task<WebApplication> StartAsync(FakeJwksServer issuer)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = _server;
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            https.AllowAnyClientCertificate();
        })));
        builder.Services.AddAuthorization();
        builder.Services.AddAuthentication().AddJwksBearer().AddJwksSenderConstraint(configure: options => options.Dpop = false);
        builder.Services.TrustFakeJwksServer(issuer);
        var application = builder.Build();
        application.MapGet("/", (HttpContext context) => context.User.FindFirst("sub")?.Value).RequireAuthorization();
        await application.StartAsync();
        return application;
    }

    private async Task<string> AskAsync(WebApplication application, string token, X509Certificate2? certificate)
    {
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, presented, _, _) => presented?.Thumbprint == _server.Thumbprint };
        if (certificate is not null)
            handler.ClientCertificates.Add(certificate);
        using var client = new HttpClient(handler) { BaseAddress = new Uri(application.Urls.Single()) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var response = await client.GetAsync("/");
        return $"{(int)response.StatusCode} {response.Headers.WwwAuthenticate}".TrimEnd();
    }

    private static X509Certificate2 CreateCertificate(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var made = new CertificateRequest(subject, key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddMinutes(-1), now.AddHours(1));

        // A key that exists in memory alone cannot be used by every TLS stack.
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
