using System.Net.Http.Headers;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Authorization;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace JwksAuth.Tests.Access.Endpoints;

/// <summary>A request that is re-executed for an error page is judged again at its new endpoint.</summary>
public sealed class ReexecutedRequestTests : IAsyncLifetime
{
    private FakeJwksServer _server = null!;

    public async Task InitializeAsync() => _server = await AccessApi.StartIssuerAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("Bearer", "/closed", "401 The endpoint is not open to this token")]
    [InlineData("Bearer", "/named", "401 The endpoint is not open to this token")]
    [InlineData("Bearer", "/free", "418 nobody")]
    [InlineData("Bearer", "/open-too", "418 somebody")]
    [InlineData("Introspection", "/named", "401 The endpoint is not open to this token")]
    [InlineData("Introspection", "/closed", "401 The endpoint is not open to this token")]
    [InlineData("Introspection", "/free", "418 nobody")]
    [InlineData("Introspection", "/open-too", "418 somebody")]
    public async Task A_token_accepted_by_one_endpoint_is_not_used_at_a_closed_one(string scheme, string errorPage, string expected)
    {
        using var host = await StartAsync(scheme, errorPage);

        Assert.Equal(expected, await AskAsync(host, scheme, "/open", "some"));
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Introspection")]
    public async Task A_satisfied_AllowAccessTokens_does_not_count_for_a_controller_that_requires_more(string scheme)
    {
        using var host = await StartAsync(scheme, "/reexecuted");

        Assert.Equal("403 ", await AskAsync(host, scheme, "/open", "some"));
        Assert.Equal("418 GET", await AskAsync(host, scheme, "/open", "some more"));
    }

    [Fact]
    public async Task The_filter_of_MVC_does_not_apply_the_rule_of_one_endpoint_to_another()
    {
        await using var api = await TestApi.StartAsync(
            services =>
            {
                services.AddAuthentication().AddJwksBearer();
                services.TrustFakeJwksServer(_server);
                AddControllers(services);
            },
            new TestApiSettings
            {
                Map = application =>
                {
                    // After the authorization middleware, so that only the filter runs again.
                    application.UseStatusCodePagesWithReExecute("/reexecuted");
                    application.MapGet("/opened", () => Results.StatusCode(418)).AllowAccessTokens("some");
                    application.MapControllers();
                },
            });

        Assert.Equal(403, (int)await api.GetStatusAsync(_server.CreateToken(token => token.WithScope("some")), "/opened"));
    }

    private static void AddControllers(IServiceCollection services) =>
        services.AddControllers(options => options.Filters.Add(new AuthorizeFilter()))
            .AddApplicationPart(typeof(ReexecutedController).Assembly)
            .ConfigureApplicationPartManager(parts => parts.FeatureProviders.Add(new OnlyThis()));

    private Task<IHost> StartAsync(string scheme, string errorPage) => new HostBuilder()
        .ConfigureWebHost(web => web.UseTestServer()
            .ConfigureServices(services =>
            {
                services.AddRouting();
                services.AddAuthentication(scheme)
                    .AddJwksBearer(options => options.RequireEndpointOptIn = true)
                    .AddJwksIntrospection(options => options.RequireEndpointOptIn = true);
                services.TrustFakeJwksServer(_server).TrustFakeIntrospection(_server);
                AddControllers(services);
            })
            .Configure(application =>
            {
                application.UseStatusCodePagesWithReExecute(errorPage);
                application.UseRouting();
                application.UseAuthentication();
                application.UseAuthorization();
                application.UseEndpoints(endpoints =>
                {
                    endpoints.MapGet("/open", () => Results.StatusCode(418)).AllowAccessTokens("some");
                    endpoints.MapGet("/open-too", Describe).AllowAccessTokens("some");
                    endpoints.MapGet("/closed", Describe).RequireAuthorization();
                    endpoints.MapGet("/named", Describe).RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = scheme });
                    endpoints.MapGet("/free", Describe);
                    endpoints.MapControllers();
                });
            }))
        .StartAsync();

    private static string Describe(HttpContext context) => context.User.Identity?.IsAuthenticated == true ? "somebody" : "nobody";

    private async Task<string> AskAsync(IHost host, string scheme, string path, string scopes)
    {
        using var client = host.GetTestClient();
        var token = scheme == "Bearer"
            ? _server.CreateToken(token => token.WithScope(scopes.Split(' ')))
            : _server.Introspection.CreateToken(answer => answer["scope"] = scopes);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await client.SendAsync(request);
        var refusal = response.Headers.WwwAuthenticate.FirstOrDefault()?.Parameter?.Split("error_description=\"").ElementAtOrDefault(1)?.TrimEnd('"');
        return $"{(int)response.StatusCode} {refusal ?? await response.Content.ReadAsStringAsync()}";
    }

    private sealed class OnlyThis : Microsoft.AspNetCore.Mvc.Controllers.ControllerFeatureProvider
    {
        protected override bool IsController(System.Reflection.TypeInfo typeInfo) => typeInfo == typeof(ReexecutedController);
    }
}

public sealed class ReexecutedController : ControllerBase
{
    [HttpGet("reexecuted")]
    [AllowAccessTokens("more")]
    public string Get() => Request.Method;
}
