using System.Net.WebSockets;
using System.Text;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Authorization;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Access.Endpoints;

/// <summary>The rules hold for controllers and hubs as for mapped endpoints.</summary>
public sealed class FrameworkEndpointTests
{
    private const string Closed = "401 Bearer error=\"invalid_token\", error_description=\"The endpoint is not open to this token\"";

    [Fact]
    public async Task A_controller_can_be_opened_and_its_actions_can_require_more()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await StartAsync(issuer);
        var reader = issuer.CreateToken(token => token.WithScope("teams.read"));
        var writer = issuer.CreateToken(token => token.WithScope("teams.read", "teams.write"));

        Assert.Equal("200", await api.AskAsync("/controlled/list", reader));
        Assert.Equal("403 Bearer error=\"insufficient_scope\", scope=\"teams.write\"", await api.AskAsync("/controlled/add", reader));
        Assert.Equal("200", await api.AskAsync("/controlled/add", writer));
        Assert.Equal("401 Bearer scope=\"teams.read\"", await api.AskAsync("/controlled/list"));
        Assert.Equal(Closed, await api.AskAsync("/uncontrolled/list", writer));
    }

    [Fact]
    public async Task A_filter_for_all_controllers_leaves_them_open()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await StartAsync(issuer, services => services.Configure<MvcOptions>(options => options.Filters.Add(new AuthorizeFilter())));
        var reader = issuer.CreateToken(token => token.WithScope("teams.read"));

        Assert.Equal("200", await api.AskAsync("/controlled/list", reader));
        Assert.Equal("403 Bearer error=\"insufficient_scope\", scope=\"teams.write\"", await api.AskAsync("/controlled/add", reader));
        Assert.Equal("401 Bearer scope=\"teams.read\"", await api.AskAsync("/controlled/list"));
        Assert.Equal(Closed, await api.AskAsync("/uncontrolled/list", reader));
    }

    [Fact]
    public async Task A_hub_can_be_opened()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await StartAsync(issuer);

        Assert.Equal("401 Bearer scope=\"hub\"", await api.AskAsync("/hub"));
        Assert.Equal("403 Bearer error=\"insufficient_scope\", scope=\"hub\"", await api.AskAsync("/hub", issuer.CreateToken()));
        Assert.Equal("{\"type\":3,\"invocationId\":\"1\",\"result\":\"said\"}", await InvokeAsync(api, issuer.CreateToken(token => token.WithScope("hub")), "Say"));
    }

    [Theory]
    [InlineData("AsEndpoint")]
    [InlineData("AsEndpointOfOneScheme")]
    public async Task AllowAccessTokens_on_a_hub_method_denies_every_caller(string method)
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await StartAsync(issuer);

        var answer = await InvokeAsync(api, issuer.CreateToken(token => token.WithScope("hub", "admin")), method);

        Assert.Contains("user is unauthorized", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_with_scopes_guards_a_method_of_a_hub()
    {
        await using var issuer = await AccessApi.StartIssuerAsync();
        await using var api = await StartAsync(issuer);

        Assert.Contains("user is unauthorized", await InvokeAsync(api, issuer.CreateToken(token => token.WithScope("hub")), "ByPolicy"), StringComparison.Ordinal);
        Assert.Contains("\"result\":\"done\"", await InvokeAsync(api, issuer.CreateToken(token => token.WithScope("hub", "admin")), "ByPolicy"), StringComparison.Ordinal);
    }

    private static Task<TestApi> StartAsync(FakeJwksServer issuer, Action<IServiceCollection>? configure = null) => AccessApi.StartAsync(
        issuer,
        application =>
        {
            application.MapControllers();
            application.MapHub<TalkHub>("/hub");
        },
        services =>
        {
            services.AddSignalR();
            services.AddAuthorizationBuilder().AddPolicy("admin", policy => policy.RequireTokenScope("admin"));
            services.AddControllers().AddApplicationPart(typeof(ControlledController).Assembly).ConfigureApplicationPartManager(parts => parts.FeatureProviders.Add(new OnlyThese()));
            configure?.Invoke(services);
        },
        options => options.RequireEndpointOptIn = true);

    /// <summary>Calls a method of the hub by the JSON protocol of SignalR, whose messages end with a separator.</summary>
    private static async Task<string> InvokeAsync(TestApi api, string token, string method)
    {
        var client = api.Server.CreateWebSocketClient();
        client.ConfigureRequest = request => request.Headers.Authorization = $"Bearer {token}";
        using var socket = await client.ConnectAsync(new Uri(api.Server.BaseAddress, "/hub"), CancellationToken.None);
        await SendAsync(socket, "{\"protocol\":\"json\",\"version\":1}");
        Assert.Equal("{}", await ReceiveAsync(socket));
        await SendAsync(socket, $"{{\"type\":1,\"invocationId\":\"1\",\"target\":\"{method}\",\"arguments\":[]}}");
        return await ReceiveAsync(socket);
    }

    private static Task SendAsync(WebSocket socket, string message) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message + '\u001e'), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    private static async Task<string> ReceiveAsync(WebSocket socket)
    {
        var buffer = new byte[4096];
        var received = await socket.ReceiveAsync(buffer, CancellationToken.None);
        return Encoding.UTF8.GetString(buffer, 0, received.Count).TrimEnd('\u001e');
    }

    private sealed class OnlyThese : Microsoft.AspNetCore.Mvc.Controllers.ControllerFeatureProvider
    {
        protected override bool IsController(System.Reflection.TypeInfo typeInfo) => typeInfo == typeof(ControlledController) || typeInfo == typeof(UncontrolledController);
    }
}

[AllowAccessTokens("teams.read")]
[Route("controlled")]
public sealed class ControlledController : ControllerBase
{
    [HttpGet("list")]
    public string List() => Request.Method;

    [HttpGet("add")]
    [AllowAccessTokens("teams.write")]
    public string Add() => Request.Method;
}

[Authorize]
[Route("uncontrolled")]
public sealed class UncontrolledController : ControllerBase
{
    [HttpGet("list")]
    public string List() => Request.Method;
}

[AllowAccessTokens("hub")]
public sealed class TalkHub : Hub
{
    public string Say() => Answer("said");

    [AllowAccessTokens("admin")]
    public string AsEndpoint() => Answer("done");

    [AllowAccessTokens("admin", Scheme = "Bearer")]
    public string AsEndpointOfOneScheme() => Answer("done");

    [Authorize("admin")]
    public string ByPolicy() => Answer("done");

    private string Answer(string word) => Context.ConnectionAborted.IsCancellationRequested ? "" : word;
}
