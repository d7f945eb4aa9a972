using System.Text.Json.Nodes;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Access;

/// <summary>
/// Every kind of caller at every kind of endpoint, with the full challenge. The open endpoint accepts JWTs and opaque tokens, so
/// two schemes answer there, and each gives its verdict on the token.
/// </summary>
public sealed class AccessMatrixTests : IAsyncLifetime
{
    private const string Closed = $"{Invalid}The endpoint is not open to this token\"";
    private const string Invalid = "401 Bearer error=\"invalid_token\", error_description=\"";
    private const string Teams = "scope=\"teams\"";
    private const string ThenInactive = $"\", {Teams}, Bearer error=\"invalid_token\", error_description=\"The token is not active\", {Teams}";
    private const string NoJwtThen = $"{Invalid}The token is not a well-formed signed JWT\", {Teams}, Bearer error=\"invalid_token\", error_description=\"";
    private const string WrongScope = "403 Bearer error=\"insufficient_scope\", scope=\"teams\", Bearer error=\"insufficient_scope\", scope=\"teams\"";
    private const string NotProved = "The token is bound to a key, and the request does not prove possession of it";

    private FakeJwksServer _server = null!;
    private TestApi _api = null!;

    public async Task InitializeAsync()
    {
        _server = await AccessApi.StartIssuerAsync();
        _api = await StartAsync(_server);
    }

    public async Task DisposeAsync()
    {
        await _api.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("no token", $"401 Bearer {Teams}, Bearer {Teams}", "401 Bearer")]
    [InlineData("bad token", $"{Invalid}The token has expired{ThenInactive}", Closed)]
    [InlineData("jwt", "200", Closed)]
    [InlineData("opaque", "200", Closed)]
    [InlineData("cookie", $"401 Bearer {Teams}, Bearer {Teams}", "401 Bearer")]
    [InlineData("wrong scope", WrongScope, Closed)]
    [InlineData("opaque, wrong scope", WrongScope, Closed)]
    [InlineData("no provider", $"{Invalid}The token names no service provider{ThenInactive}", Closed)]
    [InlineData("two providers", $"{Invalid}The token names no service provider{ThenInactive}", Closed)]
    [InlineData("unknown user", $"{Invalid}The user of the token is not known{ThenInactive}", Closed)]
    [InlineData("opaque, unknown user", $"{NoJwtThen}The user of the token is not known\", {Teams}", Closed)]
    [InlineData("bound token without proof", $"{Invalid}{NotProved}{ThenInactive}", Closed)]
    [InlineData("opaque, bound token without proof", $"{NoJwtThen}{NotProved}\", {Teams}", Closed)]
    public async Task A_caller_gets_only_what_the_endpoint_allows(string caller, string opened, string notOpened)
    {
        var (token, cookie) = await CallerAsync(caller);

        Assert.Equal(opened, await _api.AskAsync("/opened", token, cookie));
        Assert.Equal(notOpened, await _api.AskAsync("/not-opened", token, cookie));
        Assert.Equal(cookie is null ? "401" : "200", await _api.AskAsync("/session", token, cookie));
        Assert.Equal("200", await _api.AskAsync("/anonymous", token, cookie));
        Assert.Equal("200", await _api.AskAsync("/open", token, cookie));
    }

    private async Task<(string? Token, string? Cookie)> CallerAsync(string caller) => caller switch
    {
        "no token" => (null, null),
        "bad token" => (Jwt(token => token.Expired()), null),
        "jwt" => (Jwt(), null),
        "opaque" => (Opaque(), null),
        "cookie" => (null, await _api.LogInAsync("teams")),
        "wrong scope" => (Jwt(token => token.WithScope("other")), null),
        "opaque, wrong scope" => (Opaque(answer => answer["scope"] = "other"), null),
        "no provider" => (Jwt(token => token.WithoutClaim("client_id")), null),
        "two providers" => (Jwt(token => token.WithClaim("client_id", new JsonArray("desk", "shop"))), null),
        "unknown user" => (Jwt(token => token.WithSubject("stranger")), null),
        "opaque, unknown user" => (Opaque(answer => answer["sub"] = "stranger"), null),
        "bound token without proof" => (Jwt(token => token.WithClaim("cnf", new JsonObject { ["jkt"] = "x" })), null),
        "opaque, bound token without proof" => (Opaque(answer => answer["cnf"] = new JsonObject { ["jkt"] = "x" }), null),
        _ => throw new ArgumentOutOfRangeException(nameof(caller)),
    };

    private string Jwt(Action<FakeToken>? change = null) => _server.CreateToken(token =>
    {
        token.WithScope("teams").WithSubject("known");
        change?.Invoke(token);
    });

    private string Opaque(Action<JsonObject>? change = null) => _server.Introspection.CreateToken(answer =>
    {
        (answer["scope"], answer["sub"]) = ("teams", "known");
        change?.Invoke(answer);
    });

    private static Task<TestApi> StartAsync(FakeJwksServer server) => AccessApi.StartClosedAsync(
        server,
        application =>
        {
            application.MapGet("/opened", () => "").AllowAccessTokens("teams");
            application.MapGet("/not-opened", [Authorize(AuthenticationSchemes = "Bearer")] () => "");
            application.MapGet("/session", () => "").RequireAuthorization();
            application.MapGet("/anonymous", () => "").AllowAnonymous();
        },
        services =>
        {
            services.Configure<JwksBearerOptions>("Bearer", options => options.ServiceProviderClaim = "client_id");
            services.AddJwksUserResolver<KnownUsers>();
        });

    private sealed class KnownUsers : IJwksUserResolver
    {
        public ValueTask<JwksUserResolution> ResolveAsync(JwksUserRequest request, CancellationToken cancellationToken) =>
            new(request.Subject == "known" ? JwksUserResolution.Found(request.Subject) : JwksUserResolution.Unknown);
    }
}
