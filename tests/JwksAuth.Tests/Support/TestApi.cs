using System.Net;
using System.Net.Http.Headers;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Tests;

/// <summary>An API in the test process with one protected endpoint, <c>/</c>, that answers with the caller's <c>sub</c>.</summary>
public sealed class TestApi : IAsyncDisposable
{
    private readonly WebApplication _application;

    private TestApi(WebApplication application)
    {
        _application = application;
        Client = application.GetTestClient();
    }

    /// <summary>False in a run with <c>JWKSAUTH_TEST_TOKEN_CACHE=off</c>, in which every token is verified again.</summary>
    public static bool RemembersTokens { get; } = Environment.GetEnvironmentVariable("JWKSAUTH_TEST_TOKEN_CACHE") != "off";

    public HttpClient Client { get; }

    public TestServer Server => _application.GetTestServer();

    public IServiceProvider Services => _application.Services;

    public IJwksManager Manager => Services.GetRequiredService<IJwksManager>();

    /// <summary>An API that trusts the fake issuer by <c>Authority</c>, audience <c>api</c>.</summary>
    public static Task<TestApi> StartAsync(FakeJwksServer issuer, Action<JwksBearerOptions>? configure = null, TestApiSettings? settings = null) =>
        StartAsync(
            services =>
            {
                services.AddAuthentication().AddJwksBearer(options => configure?.Invoke(options));
                services.TrustFakeJwksServer(issuer);
            },
            settings);

    /// <summary>An API with the services given, which must add a scheme; every endpoint except <c>/open</c> requires an authenticated caller.</summary>
    public static async Task<TestApi> StartAsync(Action<IServiceCollection> configure, TestApiSettings? settings = null)
    {
        settings ??= new TestApiSettings();
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        settings.Logging?.Invoke(builder.Logging);
        builder.Configuration.AddInMemoryCollection(settings.Configuration);
        builder.Services.AddAuthorization();
        configure(builder.Services);
        if (!RemembersTokens)
            builder.Services.PostConfigureAll<JwksBearerOptions>(options => options.TokenCacheCapacity = Math.Min(options.TokenCacheCapacity, 0));

        var application = builder.Build();
        application.UseAuthentication();
        application.UseAuthorization();
        application.MapGet("/open", () => "open");
        application.MapGet("/", (HttpContext context) => context.User.FindFirst("sub")?.Value ?? context.User.Identity?.Name ?? "?").RequireAuthorization();
        settings.Map?.Invoke(application);
        try
        {
            await application.StartAsync();
            return new TestApi(application);
        }
        catch
        {
            // Services that started before the host failed must not keep running during other tests.
            await application.DisposeAsync();
            throw;
        }
    }

    public async Task<HttpResponseMessage> SendAsync(string? token, string path = "/", CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue(JwtBearerDefaults.AuthenticationScheme, token);
        return await Client.SendAsync(request, cancellationToken);
    }

    public async Task<HttpStatusCode> GetStatusAsync(string? token, string path = "/")
    {
        using var response = await SendAsync(token, path);
        return response.StatusCode;
    }

    /// <summary>Sends the token and returns status and challenge in one text, such as <c>401 Bearer error="invalid_token"</c>.</summary>
    public async Task<string> GetChallengeAsync(string? token, string path = "/")
    {
        using var response = await SendAsync(token, path);
        return $"{(int)response.StatusCode} {string.Join(", ", response.Headers.WwwAuthenticate)}".TrimEnd();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _application.StopAsync();
        await _application.DisposeAsync();
    }
}

/// <summary>The settings of a <see cref="TestApi"/>.</summary>
public sealed class TestApiSettings
{
    public Dictionary<string, string?> Configuration { get; } = [];

    public Action<ILoggingBuilder>? Logging { get; init; }

    public Action<WebApplication>? Map { get; init; }
}
