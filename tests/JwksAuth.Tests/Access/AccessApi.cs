using System.Net.Http.Headers;
using System.Security.Claims;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Access;

/// <summary>An API that accepts JWTs, opaque tokens and session cookies; <c>/login</c> starts a session.</summary>
internal static class AccessApi
{
    public const string SessionScheme = CookieAuthenticationDefaults.AuthenticationScheme;

    public static Task<FakeJwksServer> StartIssuerAsync(FakeClock? clock = null) => TestIssuer.StartAsync(clock ?? new FakeClock());

    /// <summary>An API with one bearer scheme and the endpoints given.</summary>
    public static Task<TestApi> StartAsync(FakeJwksServer issuer, Action<WebApplication> map, Action<IServiceCollection>? configure = null, Action<JwksBearerOptions>? options = null) =>
        TestApi.StartAsync(
            services =>
            {
                services.AddAuthentication().AddJwksBearer(bearer => options?.Invoke(bearer));
                services.TrustFakeJwksServer(issuer);
                configure?.Invoke(services);
            },
            new TestApiSettings { Map = map });

    /// <summary>An API with sessions, whose endpoints are closed to tokens until they opt in.</summary>
    public static Task<TestApi> StartClosedAsync(
        FakeJwksServer server, Action<WebApplication> map, Action<IServiceCollection>? configure = null, RecordedLog? log = null) =>
        TestApi.StartAsync(
            services =>
            {
                services.AddAuthentication(SessionScheme)
                    .AddCookie(cookie => cookie.Events.OnRedirectToLogin = cookie.Events.OnRedirectToAccessDenied = Refuse)
                    .AddJwksBearer(bearer => bearer.RequireEndpointOptIn = true)
                    .AddJwksIntrospection(introspection => introspection.RequireEndpointOptIn = true);
                services.TrustFakeJwksServer(server);
                services.TrustFakeIntrospection(server);
                configure?.Invoke(services);
            },
            new TestApiSettings
            {
                Logging = logging =>
                {
                    if (log is not null)
                        logging.Services.AddSingleton<Microsoft.Extensions.Logging.ILoggerProvider>(log);
                },
                Map = application =>
                {
                    application.MapGet("/login", (string? scope) => Results.SignIn(PersonWith(scope), authenticationScheme: SessionScheme));
                    map(application);
                },
            });

    /// <summary>The cookie of a session.</summary>
    public static async Task<string> LogInAsync(this TestApi api, string scope = "")
    {
        using var response = await api.SendAsync(null, $"/login?scope={Uri.EscapeDataString(scope)}");
        return response.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    /// <summary>Status and challenge of a request with the given credentials.</summary>
    public static async Task<string> AskAsync(this TestApi api, string path, string? token = null, string? cookie = null, string scheme = "Bearer")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue(scheme, token);
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        using var response = await api.Client.SendAsync(request);
        return $"{(int)response.StatusCode} {string.Join(", ", response.Headers.WwwAuthenticate)}".TrimEnd();
    }

    private static Task Refuse(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    private static ClaimsPrincipal PersonWith(string? scope) => new(new ClaimsIdentity([new Claim("sub", "person"), new Claim("scope", scope ?? "")], SessionScheme));
}
