using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Tests.Logout;

/// <summary>An application with sessions; the fake server is its provider. Logout tokens go to <c>/backchannel-logout</c>.</summary>
internal sealed class LogoutApi : IAsyncDisposable
{
    public const string Event = "http://schemas.openid.net/event/backchannel-logout";

    private readonly ConcurrentQueue<JwksLogout> _logouts = new();
    private TestApi _api = null!;

    private LogoutApi(FakeJwksServer provider, FakeClock clock)
    {
        Provider = provider;
        Clock = clock;
    }

    public FakeJwksServer Provider { get; }

    public FakeClock Clock { get; }

    public RecordedLog Log { get; } = new();

    public IJwksManager Manager => _api.Manager;

    public IServiceProvider Services => _api.Services;

    /// <summary>The logouts that the application received.</summary>
    public IReadOnlyCollection<JwksLogout> Logouts => _logouts;

    /// <summary>If set, the application throws it.</summary>
    public Exception? Fault { get; set; }

    public static async Task<LogoutApi> StartAsync(Action<JwksBearerOptions>? configure = null, Action<IServiceCollection>? configureServices = null)
    {
        var clock = new FakeClock();
        var provider = await FakeJwksServer.StartInProcessAsync(new FakeJwksServerOptions { TimeProvider = clock, Algorithm = "ES256", Audience = "web" });
        var logout = new LogoutApi(provider, clock);
        logout._api = await TestApi.StartAsync(
            services =>
            {
                services.AddSingleton<TimeProvider>(clock);
                services.AddSingleton(logout);
                services.AddJwksBackChannelLogout<Handler>(options => configure?.Invoke(options));
                services.TrustFakeJwksServer(provider, JwksAuthDefaults.BackChannelLogoutScheme);
                configureServices?.Invoke(services);
            },
            new TestApiSettings { Logging = logging => logging.AddProvider(logout.Log), Map = application => application.MapBackChannelLogout() });
        return logout;
    }

    /// <summary>A logout token of user and session, valid unless changed.</summary>
    public string CreateToken(Action<FakeToken>? change = null) => Provider.CreateToken(token =>
    {
        token.WithType("logout+jwt").WithSubject("alice").WithClaim("sid", "session-1").WithClaim("events", new JsonObject { [Event] = new JsonObject() })
            .WithoutClaim("client_id").WithoutClaim("nbf").WithLifetime(TimeSpan.FromMinutes(2));
        change?.Invoke(token);
    });

    /// <summary>The response to a token, such as <c>400 The logout token is malformed</c>.</summary>
    public Task<string> SendAsync(string token) => PostAsync("logout_token=" + token);

    public Task<string> PostAsync(string form, string? mediaType = "application/x-www-form-urlencoded") =>
        PostAsync(new ByteArrayContent(Encoding.Latin1.GetBytes(form)), mediaType);

    public async Task<string> PostAsync(HttpContent content, string? mediaType)
    {
        if (mediaType is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        using var response = await _api.Client.PostAsync("/backchannel-logout", content);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        var body = await response.Content.ReadAsStringAsync();
        if (response.StatusCode != HttpStatusCode.BadRequest)
            return $"{(int)response.StatusCode} {response.Headers.RetryAfter}{body}".TrimEnd();

        var error = JsonNode.Parse(body)!;
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal((string)error["error_description"]! == "The logout failed" ? "server_error" : "invalid_request", (string)error["error"]!);
        return $"400 {error["error_description"]}";
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        await Provider.DisposeAsync();
    }

    private sealed class Handler(LogoutApi api) : IJwksLogoutHandler
    {
        public async ValueTask LogOutAsync(JwksLogout logout, CancellationToken cancellationToken)
        {
            await Task.Yield();
            if (api.Fault is { } fault)
                throw fault;
            api._logouts.Enqueue(logout);
        }
    }
}
