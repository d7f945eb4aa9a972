using System.Net;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Operations.Status;

/// <summary>The status is available during an outage, when no token of the operators can be judged.</summary>
public sealed class StatusInOutageTests : IAsyncLifetime
{
    private const int ManagementPort = 9090;

    private FakeJwksServer _issuer = null!;

    public async Task InitializeAsync()
    {
        _issuer = await TestIssuer.StartAsync(new FakeClock());
        _issuer.Respond(FakeResponse.Status(500));
    }

    public async Task DisposeAsync() => await _issuer.DisposeAsync();

    [Theory]
    [InlineData("GET", "/_jwks")]
    [InlineData("POST", "/_jwks/refresh")]
    [InlineData("GET", "/_jwks/status.js")]
    public async Task Callers_on_this_machine_pass_without_the_policy_if_the_option_is_set(string method, string path)
    {
        await using var api = await StartAsync(options => options.AllowLocalCallers = true, status => status.RequireAuthorization("operators"));

        Assert.NotEqual(401, await AskAsync(api, method, path, "127.0.0.1"));
        Assert.InRange(await AskAsync(api, method, path, "127.0.0.1"), 200, 502);
        Assert.Equal(401, await AskAsync(api, method, path, "192.0.2.1"));
        Assert.Equal(401, await AskAsync(api, method, path, "127.0.0.1", host: "status.attacker.test"));
        Assert.Equal(401, await AskAsync(api, method, path, "127.0.0.1", header: "X-Forwarded-For"));
        Assert.Equal(503, await AskAsync(api, method, path, "192.0.2.1", _issuer.CreateToken(token => token.WithClaim("on_call", true))));
    }

    [Fact]
    public async Task A_local_caller_passes_a_fallback_policy_even_with_a_token_that_cannot_be_judged()
    {
        await using var api = await StartAsync(
            options => options.AllowLocalCallers = true,
            services: services => services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build()));

        Assert.Equal(200, await AskAsync(api, "GET", "/_jwks", "127.0.0.1"));
        Assert.Equal(200, await AskAsync(api, "GET", "/_jwks", "127.0.0.1", _issuer.CreateToken()));
        Assert.Equal(401, await AskAsync(api, "GET", "/_jwks", "192.0.2.1"));
    }

    [Fact]
    public async Task The_option_admits_no_caller_of_another_machine()
    {
        await using var api = await StartAsync(
            options => options.AllowLocalCallers = true,
            status => status.RequireAuthorization("operators"),
            map: application => application.MapGet("/other", () => "").RequireAuthorization("operators"));

        Assert.Equal(401, await AskAsync(api, "GET", "/other", "127.0.0.1"));
    }

    [Theory]
    [InlineData("GET", "/_jwks")]
    [InlineData("POST", "/_jwks/refresh")]
    public async Task Only_the_management_port_answers(string method, string path)
    {
        await using var api = await StartAsync(options => options.ManagementPort = ManagementPort);

        Assert.InRange(await AskAsync(api, method, path, "192.0.2.1", port: ManagementPort), 200, 502);
        Assert.NotEqual(404, await AskAsync(api, method, path, "192.0.2.1", port: ManagementPort));
        Assert.Equal(404, await AskAsync(api, method, path, "192.0.2.1", port: 8080));
        Assert.Equal(404, await AskAsync(api, method, path, "127.0.0.1", port: 8080));
        Assert.Equal(404, await AskAsync(api, method, path, "192.0.2.1", port: 8080, host: $"localhost:{ManagementPort}"));
    }

    [Fact]
    public async Task A_policy_applies_on_the_management_port_too()
    {
        await using var api = await StartAsync(options => options.ManagementPort = ManagementPort, status => status.RequireAuthorization("operators"));

        Assert.Equal(401, await AskAsync(api, "GET", "/_jwks", "192.0.2.1", port: ManagementPort));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65536)]
    public async Task An_invalid_management_port_stops_the_host(int port)
    {
        var failure = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => StartAsync(options => options.ManagementPort = port));

        Assert.Contains("ManagementPort must be between 1 and 65535", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<int> AskAsync(TestApi api, string method, string path, string address, string? token = null, int port = 8080, string host = "localhost", string? header = null)
    {
        var context = await api.Server.SendAsync(request =>
        {
            request.Connection.RemoteIpAddress = IPAddress.Parse(address);
            request.Connection.LocalPort = port;
            request.Request.Method = method;
            request.Request.Path = path;
            request.Request.Host = HostString.FromUriComponent(host);
            if (token is not null)
                request.Request.Headers.Authorization = $"Bearer {token}";
            if (header is not null)
                request.Request.Headers[header] = "192.0.2.1";
        });
        return context.Response.StatusCode;
    }

    private Task<TestApi> StartAsync(
        Action<JwksStatusOptions> options, Action<IEndpointConventionBuilder>? configure = null, Action<IServiceCollection>? services = null, Action<WebApplication>? map = null) =>
        StatusApi.StartAsync(_issuer, configure, map, options, services);
}
