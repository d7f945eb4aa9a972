using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Access.Endpoints;

public class EndpointInspectorTests
{
    [Fact]
    public async Task A_closed_API_lists_the_tokens_that_each_endpoint_accepts()
    {
        await using var server = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartClosedAsync(server, application =>
        {
            application.MapGet("/opened", () => "").AllowAccessTokens("b", "a").RequireAnyTokenScope("x", "y");
            application.MapGet("/jwt-only", [AllowAccessTokens(WithoutScope = true, Scheme = "Bearer")] () => "");
            application.MapGet("/by-scheme", [Authorize(AuthenticationSchemes = "Bearer")] () => "");
            application.MapGet("/session", () => "").RequireAuthorization();
            application.MapGet("/anonymous", () => "").AllowAccessTokens("a").AllowAnonymous();
        });

        Assert.Equal("Bearer, Introspection: a b x | a b y", await DescribeAsync(api, "/opened"));
        Assert.Equal("Bearer: ", await DescribeAsync(api, "/jwt-only"));
        Assert.Equal(": ", await DescribeAsync(api, "/by-scheme"));
        Assert.Equal(": ", await DescribeAsync(api, "/session"));
        Assert.Equal("anybody", await DescribeAsync(api, "/anonymous"));
        Assert.Equal("anybody", await DescribeAsync(api, "/open"));
    }

    [Fact]
    public async Task An_open_API_follows_policies_and_defaults()
    {
        await using var server = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartAsync(
            server,
            application =>
            {
                application.MapGet("/policy", () => "").RequireAuthorization("clerk");
                application.MapGet("/fallback", () => "");
            },
            services => services.AddAuthorizationBuilder()
                .AddPolicy("clerk", policy => policy.RequireTokenScope("orders.write"))
                .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build()));

        Assert.Equal("Bearer: orders.write", await DescribeAsync(api, "/policy"));
        Assert.Equal("Bearer: ", await DescribeAsync(api, "/fallback"));
        Assert.Equal("Bearer: ", await DescribeAsync(api, "/"));
    }

    [Fact]
    public async Task A_selector_is_reported_as_the_schemes_that_it_selects()
    {
        await using var server = await AccessApi.StartIssuerAsync();
        await using var api = await TestApi.StartAsync(services =>
        {
            services.AddAuthentication(JwksAuthDefaults.TokenSelectorScheme).AddJwksBearer().AddJwksIntrospection().AddJwksTokenSelector()
                .AddJwksSenderConstraint(configure: options => (options.Required, options.Certificates) = (true, false));
            services.TrustFakeJwksServer(server);
            services.TrustFakeIntrospection(server);
        });

        var access = await InspectAsync(api, "/");

        Assert.Equal(
            [new JwksTokenScheme("Bearer", TakesBearer: false, TakesDpop: true), new JwksTokenScheme("Introspection", TakesBearer: true, TakesDpop: false)],
            access.Schemes);
    }

    [Fact]
    public async Task A_token_is_accepted_exactly_where_the_inspector_says_so()
    {
        await using var server = await AccessApi.StartIssuerAsync();
        await using var api = await AccessApi.StartClosedAsync(server, application =>
        {
            application.MapGet("/opened", () => "").AllowAccessTokens("a").RequireAnyTokenScope("x", "y");
            application.MapGet("/opaque-only", [AllowAccessTokens("a", Scheme = "Introspection")] () => "");
            application.MapGet("/by-scheme", [Authorize(AuthenticationSchemes = "Bearer")] () => "");
            application.MapGet("/session", () => "").RequireAuthorization();
            application.MapGroup("/group").AllowAccessTokens("a").MapGet("/inside", () => "");
            application.MapGroup("/people").RequireAuthorization().MapGet("/opened", () => "").AllowAccessTokens("b");
            application.MapGroup("/teams").AllowAccessTokens("a").MapGet("/help", () => "").AllowAnonymous();
            application.MapJwksStatus();
        });
        var inspector = api.Services.GetRequiredService<IJwksEndpointInspector>();
        var token = server.CreateToken(token => token.WithScope("a", "b", "x"));
        var opened = new List<string>();

        foreach (var endpoint in api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(IsOurs))
        {
            var access = await inspector.InspectAsync(endpoint.Metadata);
            var letsIn = access.IsAnonymous || access.Schemes.Any(scheme => scheme.Name == "Bearer");
            Assert.Equal((endpoint.DisplayName, letsIn), (endpoint.DisplayName, await api.GetStatusAsync(token, endpoint.RoutePattern.RawText!) == HttpStatusCode.OK));
            if (letsIn && !access.IsAnonymous)
                opened.Add(endpoint.RoutePattern.RawText!);
        }

        Assert.Equal(["/group/inside", "/opened", "/people/opened"], opened.Order(StringComparer.Ordinal));

        // The status page checks its callers itself.
        static bool IsOurs(RouteEndpoint endpoint) => endpoint.RoutePattern.RawText is { } path && !path.StartsWith("/_jwks", StringComparison.Ordinal);
    }

    private static async Task<string> DescribeAsync(TestApi api, string path)
    {
        var access = await InspectAsync(api, path);
        return access.IsAnonymous
            ? "anybody"
            : $"{string.Join(", ", access.Schemes.Select(scheme => scheme.Name))}: {string.Join(" | ", access.ScopeSets.Select(set => string.Join(' ', set)))}";
    }

    private static async Task<JwksEndpointAccess> InspectAsync(TestApi api, string path)
    {
        var endpoint = api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Single(endpoint => endpoint.RoutePattern.RawText == path);
        return await api.Services.GetRequiredService<IJwksEndpointInspector>().InspectAsync(endpoint.Metadata);
    }
}
