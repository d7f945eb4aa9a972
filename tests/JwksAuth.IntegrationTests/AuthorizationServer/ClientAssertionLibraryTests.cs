using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.IntegrationTests.AuthorizationServer;

/// <summary>A token endpoint of ours, asked by the library of a client (<c>private_key_jwt</c>, RFC 7523).</summary>
public sealed class ClientAssertionLibraryTests(OidcProviderFixture fixture) : IClassFixture<OidcProviderFixture>
{
    private const string Issuer = "https://as.test";

    [SkippableTheory]
    [InlineData("ES256")]
    [InlineData("PS256")]
    [InlineData("RS256")]
    public async Task A_client_library_gets_its_token(string algorithm)
    {
        fixture.SkipWhenUnavailable();
        await using var server = await StartServerAsync(algorithm);

        var answer = await AskAsync(server, algorithm);

        Assert.Equal("200 client=web", answer);
    }

    [SkippableFact]
    public async Task A_client_library_is_told_why_it_gets_none()
    {
        fixture.SkipWhenUnavailable();
        await using var server = await StartServerAsync("ES256");

        Assert.Equal("401 Audience", await AskAsync(server, "ES256", new JsonObject { ["aud"] = "https://other.test" }));
        Assert.Equal("401 Algorithm", await AskAsync(server, "PS256"));
        Assert.Equal("200 client=web", await AskAsync(server, "ES256", new JsonObject { ["jti"] = "once" }));
        Assert.Equal("401 Replayed", await AskAsync(server, "ES256", new JsonObject { ["jti"] = "once" }));
    }

    private async Task<string> AskAsync(WebApplication server, string algorithm, JsonObject? claims = null)
    {
        var answer = await fixture.RequestTokenByAssertionAsync(new JsonObject
        {
            ["issuer"] = Issuer,
            ["tokenEndpoint"] = $"{server.Urls.Single()}/token",
            ["clientId"] = "web",
            ["algorithm"] = algorithm,
            ["claims"] = claims ?? [],
        });
        return $"{answer["status"]} {answer["body"]!["access_token"] ?? answer["body"]!["failure"]}";
    }

    private async Task<WebApplication> StartServerAsync(string algorithm)
    {
        var jwks = await fixture.GetClientKeysAsync(algorithm);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddJwksClientAssertions(options =>
        {
            options.Issuer = Issuer;
            options.Clients.Add(new JwksClient { ClientId = "web", Jwks = jwks.ToJsonString(), Algorithm = algorithm });
        });

        var application = builder.Build();
        application.MapPost("/token", async (HttpRequest request, IJwksClientAssertionValidator clients) =>
        {
            var client = await clients.ValidateAsync(request);
            return client.IsValid
                ? Results.Json(new { access_token = $"client={client.ClientId}", token_type = "Bearer" })
                : Results.Json(new { error = client.Error, failure = client.Failure.ToString() }, statusCode: client.StatusCode);
        });
        await application.StartAsync();
        return application;
    }
}
