using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Access.Endpoints;

public class AllowAccessTokensTests
{
    private const string Closed = "401 Bearer error=\"invalid_token\", error_description=\"The endpoint is not open to this token\"";

    [Fact]
    public async Task An_endpoint_that_is_opened_with_several_scopes_needs_all_of_them()
    {
        await using var server = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartClosedAsync(server, application => application.MapGet("/both", () => "").AllowAccessTokens("a", "b"));

        Assert.Equal("200", await api.AskAsync("/both", server.CreateToken(token => token.WithScope("b", "a", "c"))));
        foreach (var scopes in new string[][] { ["a"], ["b"], ["c"], ["ab"], [] })
        {
            Assert.StartsWith("403 Bearer error=\"insufficient_scope\", scope=\"a b\"", await api.AskAsync("/both", server.CreateToken(token => token.WithScope(scopes))), StringComparison.Ordinal);
            var opaque = server.Introspection.CreateToken(answer => answer["scope"] = string.Join(' ', scopes));
            Assert.StartsWith("403 Bearer error=\"insufficient_scope\", scope=\"a b\"", await api.AskAsync("/both", opaque), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_token_is_accepted_only_by_endpoints_that_allow_tokens()
    {
        await using var server = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartClosedAsync(server, Map);
        var jwt = server.CreateToken(token => token.WithScope("teams"));
        var opaque = server.Introspection.CreateToken(answer => answer["scope"] = "teams");

        foreach (var token in new[] { jwt, opaque })
        {
            Assert.Equal("200", await api.AskAsync("/opened", token));
            Assert.Equal("401", await api.AskAsync("/people", token));
        }

        Assert.Equal(Closed, await api.AskAsync("/by-scheme", jwt));
        Assert.Equal("anonymous", await ReadAsync(api, "/anonymous", jwt));
    }

    [Fact]
    public async Task A_session_cookie_is_accepted_by_all_other_endpoints()
    {
        await using var server = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartClosedAsync(server, Map);
        var cookie = await api.LogInAsync("teams");

        Assert.Equal("200", await api.AskAsync("/people", cookie: cookie));
        Assert.Equal("401 Bearer scope=\"teams\", Bearer scope=\"teams\"", await api.AskAsync("/opened", cookie: cookie));
        Assert.Equal("401 Bearer scope=\"teams\", Bearer scope=\"teams\"", await api.AskAsync("/both-policies", cookie: cookie));
    }

    [Fact]
    public async Task A_scheme_that_forwards_to_sessions_does_not_open_the_endpoint_to_them()
    {
        await using var server = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartClosedAsync(server, Map, services => services.Configure<JwksBearerOptions>(
            "Bearer", options => options.ForwardDefaultSelector = context => context.Request.Headers.Authorization.Count == 0 ? AccessApi.SessionScheme : null));
        var cookie = await api.LogInAsync("teams");

        Assert.Equal("401", await api.AskAsync("/jwt-only", cookie: cookie));
        Assert.StartsWith("401", await api.AskAsync("/opened", cookie: cookie), StringComparison.Ordinal);
        Assert.Equal("200", await api.AskAsync("/jwt-only", server.CreateToken()));
    }

    [Fact]
    public async Task A_cookie_adds_no_scope_to_a_token()
    {
        await using var server = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartClosedAsync(server, Map);
        var cookie = await api.LogInAsync("teams");

        var answer = await api.AskAsync("/both-policies", server.CreateToken(), cookie);

        Assert.StartsWith("403 ", answer, StringComparison.Ordinal);
        Assert.Contains("Bearer error=\"insufficient_scope\", scope=\"teams\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_a_token_endpoint_the_token_identifies_the_caller_and_a_cookie_does_not()
    {
        await using var server = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartClosedAsync(
            server, application => application.MapGet("/who", (HttpContext context) => string.Join(' ', context.User.Claims.Select(claim => claim.Value).Where(value => value is "robot" or "person"))).AllowAccessTokensWithoutScope());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/who");
        request.Headers.Authorization = new("Bearer", server.CreateToken(token => token.WithSubject("robot")));
        request.Headers.Add("Cookie", await api.LogInAsync());
        using var response = await api.Client.SendAsync(request);

        Assert.Equal("robot", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("Basic")]
    [InlineData("Negotiate")]
    public async Task Credentials_of_other_schemes_are_not_tokens(string scheme)
    {
        await using var server = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartClosedAsync(server, Map);

        Assert.Equal("401 Bearer scope=\"teams\", Bearer scope=\"teams\"", await api.AskAsync("/opened", server.CreateToken(token => token.WithScope("teams")), scheme: scheme));
        Assert.Equal("200", await api.AskAsync("/anonymous", "dXNlcjpwYXNzd29yZA==", scheme: scheme));
    }

    [Fact]
    public async Task The_scopes_of_AllowAccessTokens_are_required()
    {
        await using var server = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartClosedAsync(server, Map);

        Assert.Contains("scope=\"teams\"", await api.AskAsync("/opened", server.CreateToken()), StringComparison.Ordinal);
        Assert.Equal("200", await api.AskAsync("/any-token", server.CreateToken()));
    }

    [Theory]
    [InlineData("HEAD", "/opened")]
    [InlineData("OPTIONS", "/opened")]
    [InlineData("POST", "/opened")]
    public async Task Other_methods_of_the_path_stay_closed(string method, string path)
    {
        await using var server = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartClosedAsync(server, Map);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Authorization = new("Bearer", server.CreateToken(token => token.WithScope("teams")));
        using var response = await api.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Fact]
    public async Task A_fallback_policy_opens_nothing_to_tokens()
    {
        await using var server = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartAsync(
            server,
            application => application.MapGet("/unsaid", () => ""),
            services => services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build()),
            options => options.RequireEndpointOptIn = true);

        Assert.Equal(Closed, await api.AskAsync("/unsaid", server.CreateToken()));
        Assert.Equal(Closed, await api.AskAsync("/nowhere", server.CreateToken()));
    }

    [Fact]
    public async Task An_open_scheme_can_be_named_together_with_a_closed_one()
    {
        await using var server = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartClosedAsync(server, Map, services => services.Configure<JwksBearerOptions>("Bearer", options => options.RequireEndpointOptIn = false));

        Assert.Equal("200", await api.AskAsync("/jwt-only", server.CreateToken()));
        Assert.StartsWith("401 ", await api.AskAsync("/opened", server.CreateToken(token => token.WithScope("teams"))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_may_be_opened_to_a_single_scheme()
    {
        await using var server = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartClosedAsync(server, Map);

        Assert.Equal("200", await api.AskAsync("/jwt-only", server.CreateToken()));
        Assert.StartsWith("401 ", await api.AskAsync("/jwt-only", server.Introspection.CreateToken()), StringComparison.Ordinal);
        Assert.Equal(0, server.Introspection.Endpoint.RequestCount);
    }

    [Fact]
    public async Task The_log_lists_the_open_endpoints_at_startup()
    {
        var log = new RecordedLog();
        await using var server = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartClosedAsync(server, Map, log: log);

        var line = Assert.Single(log.Entries, entry => entry.Id.Name == "EndpointsOpened").Text;

        Assert.StartsWith("4 of ", line, StringComparison.Ordinal);
        Assert.Contains("HTTP: GET /opened (teams by Bearer, Introspection)", line, StringComparison.Ordinal);
        Assert.Contains("HTTP: GET /any-token (any scope by Bearer, Introspection)", line, StringComparison.Ordinal);
        Assert.Contains("HTTP: GET /jwt-only (any scope by Bearer)", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AllowAccessTokens_without_a_scope_stops_the_host_unless_that_is_stated()
    {
        await using var server = await AccessApi.StartIssuerAsync();

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => AccessApi.StartClosedAsync(
            server, application => application.MapGet("/careless", [AllowAccessTokens] () => "")));

        Assert.Contains("GET /careless accepts access tokens but names no scope", failure.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new AllowAccessTokensAttribute("a b"));
    }

    [Fact]
    public async Task Authentication_before_routing_opens_nothing()
    {
        await using var server = await AccessApi.StartIssuerAsync();
        await using var api = await TestApi.StartAsync(
            services =>
            {
                services.AddAuthentication().AddJwksBearer(options => options.RequireEndpointOptIn = true);
                services.TrustFakeJwksServer(server);
                services.AddSingleton<Microsoft.AspNetCore.Hosting.IStartupFilter, AuthenticationFirst>();
            },
            new TestApiSettings { Map = Map });

        Assert.Equal($"{Closed}, scope=\"teams\"", await api.AskAsync("/opened", server.CreateToken(token => token.WithScope("teams"))));
    }

    [Fact]
    public async Task The_option_binds_from_configuration()
    {
        await using var server = await AccessApi.StartIssuerAsync();
        await using var api = await TestApi.StartAsync(
            services =>
            {
                services.AddAuthentication().AddJwksBearer();
                services.TrustFakeJwksServer(server);
            },
            new TestApiSettings { Configuration = { ["Authentication:Schemes:Bearer:RequireEndpointOptIn"] = "true" } });

        Assert.Equal(Closed, await api.AskAsync("/", server.CreateToken()));
    }

    private static void Map(WebApplication application)
    {
        application.MapGet("/opened", () => "").AllowAccessTokens("teams");
        application.MapGet("/any-token", () => "").AllowAccessTokensWithoutScope();
        application.MapGet("/jwt-only", [AllowAccessTokens(WithoutScope = true, Scheme = "Bearer")] () => "");
        application.MapGet("/people", () => "").RequireAuthorization();
        application.MapGet("/by-scheme", [Authorize(AuthenticationSchemes = "Bearer")] () => "");
        application.MapGet("/anonymous", (HttpContext context) => context.User.Identity?.IsAuthenticated == true ? "known" : "anonymous").AllowAnonymous();
        application.MapGet("/both-policies", [Authorize(AuthenticationSchemes = AccessApi.SessionScheme)] () => "").AllowAccessTokens("teams");
    }

    private static async Task<string> ReadAsync(TestApi api, string path, string token)
    {
        using var response = await api.SendAsync(token, path);
        return await response.Content.ReadAsStringAsync();
    }

    private sealed class AuthenticationFirst : Microsoft.AspNetCore.Hosting.IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => application =>
        {
            application.UseAuthentication();
            next(application);
        };
    }
}
