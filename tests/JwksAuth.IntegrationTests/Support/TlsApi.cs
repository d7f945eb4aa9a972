using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.IntegrationTests;

/// <summary>An API over TLS on a free port of 127.0.0.1 that accepts client certificates; its only endpoint requires a token, and reads the body.</summary>
internal sealed class TlsApi : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly X509Certificate2 _certificate;

    private TlsApi(WebApplication application, X509Certificate2 certificate)
    {
        _application = application;
        _certificate = certificate;
    }

    public string Address => _application.Urls.Single();

    public static async Task<TlsApi> StartAsync(
        Action<IServiceCollection> addServices, ClientCertificateMode mode = ClientCertificateMode.AllowCertificate, Action<WebApplication>? map = null)
    {
        var certificate = CreateCertificate("localhost");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = certificate;
            https.ClientCertificateMode = mode;
            https.AllowAnyClientCertificate(); // RFC 8705 section 2.2: self-signed ones bind tokens as well
        })));
        builder.Services.AddAuthorization();
        addServices(builder.Services);
        var application = builder.Build();
        application.Map("/", async (HttpRequest request) => await new StreamReader(request.Body).ReadToEndAsync()).RequireAuthorization();
        map?.Invoke(application);
        await application.StartAsync();
        return new TlsApi(application, certificate);
    }

    /// <summary>A new self-signed certificate with a private key that TLS can use.</summary>
    public static X509Certificate2 CreateCertificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var made = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddMinutes(-1), now.AddHours(1));

        // Not every TLS stack can use a key that exists only in memory.
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>Status and challenge of a request on a new connection, with this client certificate or none.</summary>
    public async Task<string> AskAsync(string token, X509Certificate2? certificate, string? body = null, Version? version = null)
    {
        using var handler = CreateHandler(certificate);
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, Address)
        {
            Version = version ?? HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = body is null ? null : new StringContent(body),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await client.SendAsync(request);
        return $"{(int)response.StatusCode} {response.Headers.WwwAuthenticate}".TrimEnd();
    }

    /// <summary>A handler that trusts the certificate of this server, with this client certificate or none.</summary>
    public SocketsHttpHandler CreateHandler(X509Certificate2? certificate) => CreateHandler(_certificate, certificate);

    /// <summary>A handler that trusts the certificate of a server, with this client certificate or none.</summary>
    public static SocketsHttpHandler CreateHandler(X509Certificate2 server, X509Certificate2? certificate)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.GetCertHashString() == server.GetCertHashString();
        if (certificate is not null)
            handler.SslOptions.ClientCertificates = [certificate];
        return handler;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
        _certificate.Dispose();
    }
}
