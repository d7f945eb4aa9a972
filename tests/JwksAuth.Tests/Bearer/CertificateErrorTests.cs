using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Tests.Bearer;

/// <summary>The operator sees why an issuer is unreachable: a certificate error, a network error, or a handler that rewrote the address.</summary>
public class CertificateErrorTests
{
    [Theory]
    [InlineData("localhost", 1, "UntrustedRoot", "how to trust a private one")]
    [InlineData("elsewhere.test", 1, "RemoteCertificateNameMismatch", "it is for another host name")]
    [InlineData("localhost", -1, "NotTimeValid", "it has expired")]
    public async Task The_error_of_a_certificate_is_named(string host, int days, string name, string remedy)
    {
        await using var issuer = await StartAsync(host, days);
        var address = Assert.Single(issuer.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses).Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        await using var api = await StartApiAsync(options => options.JwksUri = $"{address}/jwks");

        var error = await ErrorOfAsync(api);
        Assert.StartsWith($"The server at {address}/jwks has a certificate that is not accepted (", error, StringComparison.Ordinal);
        Assert.Contains(name, error, StringComparison.Ordinal);
        Assert.Contains(remedy, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_tls_and_a_host_without_address_are_named()
    {
        await using var plain = await FakeJwksServer.StartAsync();
        await using var withoutTls = await StartApiAsync(options => options.JwksUri = plain.JwksUri.Replace("http://", "https://", StringComparison.Ordinal));
        Assert.Contains("the TLS handshake failed", await ErrorOfAsync(withoutTls), StringComparison.Ordinal);

        await using var nowhere = await StartApiAsync(options => options.JwksUri = "https://issuer.invalid/jwks?sig=S3cret");
        var error = await ErrorOfAsync(nowhere);
        Assert.StartsWith("The server at https://issuer.invalid/jwks?* cannot be reached (NameResolutionError, ", error, StringComparison.Ordinal);
        Assert.Equal("https://issuer.invalid/jwks?*", Assert.Single(nowhere.Manager.GetStatus()).Address);
        Assert.Single(await nowhere.Manager.RefreshAsync("https://issuer.invalid/jwks?sig=S3cret"));
    }

    [Fact]
    public async Task A_handler_that_rewrites_the_address_is_named_and_may_restore_it()
    {
        await using var issuer = await FakeJwksServer.StartInProcessAsync();
        foreach (var putsBack in new[] { false, true })
        {
            using var gateway = new Gateway(putsBack) { InnerHandler = issuer.CreateHandler() };
            await using var api = await StartApiAsync(options => (options.JwksUri, options.BackchannelHttpHandler) = ("https://gateway.test/jwks", gateway));
            var status = await api.GetStatusAsync(issuer.CreateToken(token => token.WithIssuer("https://issuer.test")));

            Assert.Equal(putsBack ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, status);
            if (!putsBack)
                Assert.Contains($"but {issuer.JwksUri}: a handler of the HTTP client", await ErrorOfAsync(api), StringComparison.Ordinal);
        }
    }

    private static async Task<string> ErrorOfAsync(TestApi api)
    {
        await api.Manager.RefreshAsync();
        return Assert.Single(api.Manager.GetStatus()).LastError!;
    }

    private static Task<TestApi> StartApiAsync(Action<JwksBearerOptions> configure) => TestApi.StartAsync(services => services.AddAuthentication().AddJwksBearer(options =>
    {
        options.Issuer = "https://issuer.test";
        options.Audience = "api";
        configure(options);
    }));

    private static async Task<WebApplication> StartAsync(string host, int days)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        var now = DateTimeOffset.UtcNow;
        using var made = request.CreateSelfSigned(now.AddDays(-2), now.AddDays(days));
        var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);

        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        var application = builder.Build();
        application.MapGet("/jwks", () => Results.Text("""{"keys":[]}"""));
        await application.StartAsync();
        return application;
    }

    private sealed class Gateway(bool putsBack) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var asked = request.RequestUri;
            request.RequestUri = new Uri("https://issuer.test/jwks");
            var response = await base.SendAsync(request, cancellationToken);
            if (putsBack)
                response.RequestMessage!.RequestUri = asked;
            return response;
        }
    }
}
