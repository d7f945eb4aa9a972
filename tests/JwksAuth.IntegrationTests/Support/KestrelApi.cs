using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.IntegrationTests;

/// <summary>An API on a free port of 127.0.0.1, for audience <c>api</c>, whose only endpoint requires a token.</summary>
internal sealed class KestrelApi : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly SemaphoreSlim _arrivals;
    private readonly HttpClient _client;

    private KestrelApi(WebApplication application, SemaphoreSlim arrivals)
    {
        _application = application;
        _arrivals = arrivals;
        _client = new HttpClient { BaseAddress = new Uri(application.Urls.Single()) };
    }

    /// <summary>The address of the endpoint.</summary>
    public Uri Address => _client.BaseAddress!;

    public IJwksManager Keys => _application.Services.GetRequiredService<IJwksManager>();

    /// <summary>An API that trusts an issuer on loopback by its <c>Authority</c>.</summary>
    public static async Task<KestrelApi> StartAsync(string authority, Action<JwksBearerOptions>? configure = null, RequestDelegate? onLeave = null, Action<IServiceCollection>? addServices = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddAuthorization();
        builder.Services.AddAuthentication().AddJwksBearer(options =>
        {
            options.Authority = authority;
            options.Audience = "api";
            options.RequireHttpsMetadata = false;
            configure?.Invoke(options);
        });
        addServices?.Invoke(builder.Services);

        var arrivals = new SemaphoreSlim(0);
        var application = builder.Build();
        application.Use(async (context, next) =>
        {
            arrivals.Release();
            try
            {
                await next(context);
            }
            finally
            {
                if (onLeave is not null)
                    await onLeave(context);
            }
        });
        application.UseAuthentication();
        application.UseAuthorization();
        application.MapGet("/", () => "in").RequireAuthorization();
        try
        {
            await application.StartAsync();
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }

        return new KestrelApi(application, arrivals);
    }

    /// <summary>Completes when this number of requests has reached the API since the last call.</summary>
    public async Task WaitForArrivalsAsync(int count)
    {
        for (var arrived = 0; arrived < count; arrived++)
            await _arrivals.WaitAsync();
    }

    public async Task<HttpResponseMessage> SendAsync(string token, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await _client.SendAsync(request, cancellationToken);
    }

    public async Task<HttpStatusCode> GetStatusAsync(string token, CancellationToken cancellationToken = default)
    {
        using var response = await SendAsync(token, cancellationToken);
        return response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _application.StopAsync();
        await _application.DisposeAsync();
    }
}
