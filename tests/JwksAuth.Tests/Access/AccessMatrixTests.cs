using System.Text.Json.Nodes;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Access;

/// <summary>Every kind of caller at every kind of endpoint. Each cell is a status; <c>error</c> is what the bearer challenge says where there is one.</summary>
public class AccessMatrixTests
{
    private const string Plain = "-", Invalid = "invalid_token", Scope = "insufficient_scope";

    [Theory]
    [InlineData("no token", 401, Plain, 401, Plain)]
    [InlineData("bad token", 401, Invalid, 401, Plain)]
    [InlineData("jwt", 200, Plain, 401, Plain)]
    [InlineData("opaque", 200, Plain, 401, Plain)]
    [InlineData("cookie", 401, Plain, 200, Plain)]
    [InlineData("wrong scope", 403, Scope, 401, Plain)]
    [InlineData("no provider", 401, Invalid, 401, Plain)]
    [InlineData("unknown user", 401, Invalid, 401, Plain)]
    [InlineData("bound token without proof", 401, Invalid, 401, Plain)]
    public async Task A_caller_gets_what_the_endpoint_is_open_for(string caller, int openedStatus, string openedError, int sessionStatus, string sessionError)
    {
        await using var server = await AccessApi.StartIssuerAsync();
        await using var api = await StartAsync(server);
        var (token, cookie) = await CallerAsync(api, server, caller);

        Assert.Equal((openedStatus, openedError), await AskAsync(api, "/opened", token, cookie));
        Assert.Equal((sessionStatus, sessionError), await AskAsync(api, "/session", token, cookie));
        Assert.Equal((200, Plain), await AskAsync(api, "/anonymous", token, cookie));
        Assert.Equal((200, Plain), await AskAsync(api, "/open", token, cookie));
    }

    private static async Task<(string? Token, string? Cookie)> CallerAsync(TestApi api, FakeJwksServer server, string caller) => caller switch
    {
        "no token" => (null, null),
        "bad token" => (server.CreateToken(token => token.WithScope("teams").Expired()), null),
        "jwt" => (server.CreateToken(token => token.WithScope("teams").WithSubject("known")), null),
        "opaque" => (server.Introspection.CreateToken(answer => (answer["scope"], answer["sub"]) = ("teams", "known")), null),
        "cookie" => (null, await api.LogInAsync("teams")),
        "wrong scope" => (server.CreateToken(token => token.WithScope("other").WithSubject("known")), null),
        "no provider" => (server.CreateToken(token => token.WithScope("teams").WithSubject("known").WithoutClaim("client_id")), null),
        "unknown user" => (server.CreateToken(token => token.WithScope("teams").WithSubject("stranger")), null),
        "bound token without proof" => (server.CreateToken(token => token.WithScope("teams").WithSubject("known").WithClaim("cnf", new JsonObject { ["jkt"] = "x" })), null),
        _ => throw new ArgumentOutOfRangeException(nameof(caller)),
    };

    private static async Task<(int Status, string Error)> AskAsync(TestApi api, string path, string? token, string? cookie)
    {
        var answer = await api.AskAsync(path, token, cookie);
        var error = answer.Contains("error=\"", StringComparison.Ordinal) ? answer.Split("error=\"")[1].Split('"')[0] : Plain;
        return (int.Parse(answer[..3], null), error);
    }

    private static Task<TestApi> StartAsync(FakeJwksServer server) => AccessApi.StartClosedAsync(
        server,
        application =>
        {
            application.MapGet("/opened", () => "").AllowResourceServer("teams");
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
