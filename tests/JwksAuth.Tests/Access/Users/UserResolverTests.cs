using System.Text.Json.Nodes;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Access.Users;

public class UserResolverTests
{
    private readonly UserDirectory _users = new();

    [Fact]
    public async Task The_user_of_the_token_is_the_applications_own()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await StartAsync(issuer);
        _users.Add(issuer.Issuer, "alice", "desk", "Alice at the desk");

        Assert.Equal("200 Alice at the desk", await ReadAsync(api, TokenOf(issuer, "alice", "desk")));
    }

    [Fact]
    public async Task An_unknown_and_a_disabled_user_are_refused_each_for_its_own_reason()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await StartAsync(issuer);
        _users.Disable(issuer.Issuer, "bob", "desk");

        Assert.Equal("401 Bearer error=\"invalid_token\", error_description=\"The user of the token is not known\"", await ReadAsync(api, TokenOf(issuer, "alice", "desk")));
        Assert.Equal("401 Bearer error=\"invalid_token\", error_description=\"The user of the token is disabled\"", await ReadAsync(api, TokenOf(issuer, "bob", "desk")));
        Assert.Equal("401 Bearer error=\"invalid_token\", error_description=\"The token names no user\"", await ReadAsync(api, issuer.CreateToken(token => token.WithoutClaim("sub"))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_token_that_an_event_refuses_has_no_user(bool throws)
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartAsync(
            issuer,
            application => application.MapGet("/me", (HttpContext context) => context.GetJwksUser<string>() ?? "nobody"),
            services => services.AddSingleton(_users).AddJwksUserResolver<DirectoryResolver>(),
            options => options.Events = new JwtBearerEvents
            {
                OnTokenValidated = context =>
                {
                    if (throws)
                        throw new InvalidOperationException("Not today.");
                    context.Fail("Not today.");
                    return Task.CompletedTask;
                },
                OnAuthenticationFailed = context =>
                {
                    context.NoResult();
                    return Task.CompletedTask;
                },
            });
        _users.Add(issuer.Issuer, "alice", "desk", "Alice");

        Assert.Equal("200 nobody", await ReadAsync(api, TokenOf(issuer, "alice", "desk")));
        Assert.Equal(1, _users.Questions);
    }

    [Fact]
    public async Task Equal_pairwise_subjects_of_two_clients_are_two_users()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await StartAsync(issuer, options => options.CacheDuration = TimeSpan.FromMinutes(1));
        _users.Add(issuer.Issuer, "7f3", "desk", "Alice");
        _users.Add(issuer.Issuer, "7f3", "shop", "Bob");

        Assert.Equal("200 Alice", await ReadAsync(api, TokenOf(issuer, "7f3", "desk")));
        Assert.Equal("200 Bob", await ReadAsync(api, TokenOf(issuer, "7f3", "shop")));
        Assert.Equal("401 Bearer error=\"invalid_token\", error_description=\"The user of the token is not known\"", await ReadAsync(api, TokenOf(issuer, "7f3", "desk\nshop")));
    }

    [Fact]
    public async Task Every_request_calls_the_resolver_unless_users_are_cached()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var forgetful = await StartAsync(issuer);
        _users.Add(issuer.Issuer, "alice", "desk", "Alice");

        await ReadAsync(forgetful, TokenOf(issuer, "alice", "desk"));
        await ReadAsync(forgetful, TokenOf(issuer, "alice", "desk"));

        Assert.Equal(2, _users.Questions);
    }

    [Fact]
    public async Task A_cached_user_is_resolved_again_after_the_configured_time()
    {
        var clock = new FakeClock();
        await using var issuer = await AccessApi.StartIssuerAsync(clock);
        await using var api = await StartAsync(issuer, options => options.CacheDuration = TimeSpan.FromSeconds(30), services => services.AddSingleton<TimeProvider>(clock));
        _users.Add(issuer.Issuer, "alice", "desk", "Alice");

        await ReadAsync(api, TokenOf(issuer, "alice", "desk"));
        clock.Advance(TimeSpan.FromSeconds(29));
        await ReadAsync(api, TokenOf(issuer, "alice", "desk"));
        Assert.Equal(1, _users.Questions);

        _users.Disable(issuer.Issuer, "alice", "desk");
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.StartsWith("401 ", await ReadAsync(api, TokenOf(issuer, "alice", "desk")), StringComparison.Ordinal);
        Assert.Equal(2, _users.Questions);
    }

    [Fact]
    public async Task A_list_of_clients_is_not_mistaken_for_one_client_or_for_none()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await StartAsync(issuer);
        _users.Add(issuer.Issuer, "alice", "desk", "Alice");
        var token = issuer.CreateToken(token => token.WithSubject("alice").WithClaim("client_id", new JsonArray("shop", "stall")).WithClaim("azp", "desk"));

        Assert.Equal(
            "401 Bearer error=\"invalid_token\", error_description=\"The token does not clearly name the client that it was issued to\"",
            await ReadAsync(api, token));
        Assert.Equal(0, _users.Questions);
    }

    [Fact]
    public async Task The_user_of_a_token_is_not_the_user_of_a_session_in_the_same_request()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await TestApi.StartAsync(
            services =>
            {
                services.AddAuthentication("Bearer").AddJwksBearer().AddCookie(AccessApi.SessionScheme);
                services.TrustFakeJwksServer(issuer);
                services.AddSingleton(_users).AddJwksUserResolver<DirectoryResolver>();
            },
            new TestApiSettings
            {
                Map = application =>
                {
                    application.MapGet("/login", () => Results.SignIn(new(new System.Security.Claims.ClaimsIdentity([new("sub", "person")], "Cookies")), authenticationScheme: AccessApi.SessionScheme));
                    application.MapGet("/session", Me).RequireAuthorization(policy => policy.AddAuthenticationSchemes(AccessApi.SessionScheme).RequireAuthenticatedUser());
                    application.MapGet("/both", Me).RequireAuthorization(policy => policy.AddAuthenticationSchemes(AccessApi.SessionScheme, "Bearer").RequireAuthenticatedUser());
                    application.MapGet("/anybody", Me);
                },
            });
        _users.Add(issuer.Issuer, "bob", "desk", "Bob");
        var cookie = await api.LogInAsync();

        foreach (var (path, expected) in new[] { ("/session", "nobody"), ("/both", "Bob"), ("/anybody", "Bob") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Authorization = new("Bearer", TokenOf(issuer, "bob", "desk"));
            request.Headers.Add("Cookie", cookie);
            using var response = await api.Client.SendAsync(request);
            Assert.Equal(expected, await response.Content.ReadAsStringAsync());
        }

        static string Me(HttpContext context) => context.GetJwksUser<string>() ?? "nobody";
    }

    [Theory]
    [InlineData("clone")]
    [InlineData("rebuild")]
    [InlineData("add")]
    public async Task A_claims_transformation_keeps_the_user_and_can_ask_for_it(string way)
    {
        var transformation = new Transformation(way);
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await StartAsync(issuer, null, services => services.AddSingleton<Microsoft.AspNetCore.Authentication.IClaimsTransformation>(transformation));
        _users.Add(issuer.Issuer, "alice", "desk", "Alice");

        Assert.Equal("200 Alice", await ReadAsync(api, TokenOf(issuer, "alice", "desk")));
        Assert.Contains("Alice", transformation.Seen);
    }

    [Fact]
    public async Task A_scheme_that_is_not_named_needs_no_user()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await StartAsync(issuer, options => options.Schemes.Add("Other"), services => services.AddAuthentication("Bearer").AddJwksBearer("Other"));

        Assert.Equal("200", (await ReadAsync(api, TokenOf(issuer, "alice", "desk"))).TrimEnd());
        Assert.Equal(0, _users.Questions);
    }

    private Task<TestApi> StartAsync(FakeJwksServer issuer, Action<JwksUserResolverOptions>? options = null, Action<IServiceCollection>? configure = null) => AccessApi.StartAsync(
        issuer,
        application => application.MapGet("/me", (HttpContext context) => context.GetJwksUser<string>() ?? "").RequireAuthorization(),
        services =>
        {
            services.AddSingleton(_users).AddJwksUserResolver<DirectoryResolver>(options);
            configure?.Invoke(services);
        });

    private static string TokenOf(FakeJwksServer issuer, string subject, string client) =>
        issuer.CreateToken(token => token.WithSubject(subject).WithClaim("client_id", client));

    private static async Task<string> ReadAsync(TestApi api, string token)
    {
        using var response = await api.SendAsync(token, "/me");
        return $"{(int)response.StatusCode} {string.Join(", ", response.Headers.WwwAuthenticate)}{await response.Content.ReadAsStringAsync()}";
    }

    private sealed class UserDirectory
    {
        private readonly Dictionary<(string Issuer, string Subject, string? Client), JwksUserResolution> _known = [];

        public int Questions { get; private set; }

        public void Add(string issuer, string subject, string client, string name) => _known[(issuer, subject, client)] = JwksUserResolution.Found(name);

        public void Disable(string issuer, string subject, string client) => _known[(issuer, subject, client)] = JwksUserResolution.Disabled;

        public JwksUserResolution Find(JwksUserRequest request)
        {
            Questions++;
            return _known.GetValueOrDefault((request.Issuer, request.Subject, request.ClientId), JwksUserResolution.Unknown);
        }
    }

    private sealed class DirectoryResolver(UserDirectory users) : IJwksUserResolver
    {
        public ValueTask<JwksUserResolution> ResolveAsync(JwksUserRequest request, CancellationToken cancellationToken) => new(users.Find(request));
    }

    private sealed class Transformation(string way) : Microsoft.AspNetCore.Authentication.IClaimsTransformation
    {
        public System.Collections.Concurrent.ConcurrentQueue<string?> Seen { get; } = new();

        public Task<System.Security.Claims.ClaimsPrincipal> TransformAsync(System.Security.Claims.ClaimsPrincipal principal)
        {
            Seen.Enqueue(principal.GetJwksUser<string>());
            switch (way)
            {
                case "clone":
                    return Task.FromResult(principal.Clone());
                case "rebuild":
                    return Task.FromResult(new System.Security.Claims.ClaimsPrincipal(new System.Security.Claims.ClaimsIdentity(principal.Claims, "rebuilt")));
                default:
                    ((System.Security.Claims.ClaimsIdentity)principal.Identity!).AddClaim(new("added", "yes"));
                    return Task.FromResult(principal);
            }
        }
    }
}
