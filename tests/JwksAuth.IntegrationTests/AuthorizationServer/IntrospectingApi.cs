using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.IntegrationTests.AuthorizationServer;

/// <summary>An API on loopback that sends opaque tokens to a real server, and publishes its own keys at <c>/jwks</c>.</summary>
internal sealed class IntrospectingApi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client = new();

    private IntrospectingApi(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    public string JwksUri => $"{Address}/jwks";

    public static Task<IntrospectingApi> StartAsync(
        OidcProviderFixture fixture, Action<JwksIntrospectionOptions> configure, params IReadOnlyList<JwksPrivateKey> keys) =>
        StartAsync(fixture.Issuer, configure, addServices: null, keys);

    public static async Task<IntrospectingApi> StartAsync(
        string authority, Action<JwksIntrospectionOptions> configure, Action<IServiceCollection>? addServices, params IReadOnlyList<JwksPrivateKey> keys)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddAuthorization();
        builder.Services.AddJwksKeyRing();
        for (var index = 0; index < keys.Count; index++)
            SetKey(builder.Configuration, index, keys[index]);
        builder.Services.AddAuthentication(JwksAuthDefaults.IntrospectionScheme).AddJwksIntrospection(options =>
        {
            options.Authority = authority;
            options.RequireHttpsMetadata = false;
            options.ClientId = "api";
            options.ClientSecret = "api-secret";
            options.Audience = "urn:api:opaque";
            options.CacheDuration = TimeSpan.Zero;
            configure(options);
        });
        addServices?.Invoke(builder.Services);
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapJwks("/jwks");
        app.MapGet("/", (ClaimsPrincipal user) => user.FindFirstValue(JwksAuthDefaults.ServiceProviderClaimType)).RequireAuthorization();
        await app.StartAsync();
        return new IntrospectingApi(app);
    }

    /// <summary>Replaces the API's first key; the old one is withdrawn.</summary>
    public void ReplaceKey(JwksPrivateKey key)
    {
        SetKey(_app.Configuration, 0, key);
        ((IConfigurationRoot)_app.Configuration).Reload();
    }

    /// <summary>Fetches the authorization server's keys now, as an operator would.</summary>
    public Task RefreshKeysAsync() => _app.Services.GetRequiredService<IJwksManager>().RefreshAsync();

    /// <summary>The status, followed by the body if the request succeeded.</summary>
    public async Task<(HttpStatusCode Status, string Body)> GetAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await _client.SendAsync(request);
        return (response.StatusCode, response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync() : response.Headers.WwwAuthenticate.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    private static void SetKey(IConfiguration configuration, int index, JwksPrivateKey key)
    {
        var section = configuration.GetSection($"{JwksKeyRingOptions.SectionName}:Keys:{index}");
        section["Pem"] = key.Pem;
        section["Use"] = key.Use;
    }
}
