using System.Net;
using System.Net.Http.Headers;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.IntegrationTests.StatusPage;

/// <summary>An API on its own port, with one protected endpoint, its status, and a fake issuer whose clock the test advances.</summary>
internal sealed class LiveApi : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly HttpClient _client = new();

    private LiveApi(WebApplication application, FakeJwksServer issuer, FakeClock clock)
    {
        _application = application;
        Issuer = issuer;
        Clock = clock;
        Address = new Uri(application.Urls.Single());
    }

    public FakeJwksServer Issuer { get; }

    public FakeClock Clock { get; }

    public Uri Address { get; }

    public Uri StatusPage => new(Address, "/_jwks");

    public IJwksManager Manager => _application.Services.GetRequiredService<IJwksManager>();

    public static async Task<LiveApi> StartAsync()
    {
        var clock = new FakeClock();
        var issuer = await FakeJwksServer.StartInProcessAsync(new FakeJwksServerOptions { TimeProvider = clock, Algorithm = "ES256" });
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddAuthorization();
        builder.Services.AddAuthentication().AddJwksBearer();
        builder.Services.TrustFakeJwksServer(issuer);
        var application = builder.Build();
        application.MapGet("/", () => "hello").RequireAuthorization();
        application.MapGet("/orders", () => "").RequireTokenScope("orders.read");
        application.MapJwksStatus();
        await application.StartAsync();
        var api = new LiveApi(application, issuer, clock);
        await api.SendTokenAsync();
        return api;
    }

    /// <summary>Sends a request with a token of the issuer, valid unless changed.</summary>
    public async Task<HttpStatusCode> SendTokenAsync(Action<FakeToken>? configure = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Issuer.CreateToken(configure));
        using var response = await _client.SendAsync(request);
        return response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _application.StopAsync();
        await _application.DisposeAsync();
        await Issuer.DisposeAsync();
    }
}
