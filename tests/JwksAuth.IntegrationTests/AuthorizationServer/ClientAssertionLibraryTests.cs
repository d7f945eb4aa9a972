using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;

namespace JwksAuth.IntegrationTests.AuthorizationServer;

/// <summary>A token endpoint with this package, called by a client library (<c>private_key_jwt</c>, RFC 7523).</summary>
public sealed class ClientAssertionLibraryTests(OidcProviderFixture fixture) : IClassFixture<OidcProviderFixture>
{
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
    public async Task A_client_library_learns_why_it_gets_no_token()
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
            ["issuer"] = KestrelTokenServer.Issuer,
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
        return await KestrelTokenServer.StartAsync(new JwksClient { ClientId = "web", Jwks = jwks.ToJsonString(), Algorithm = algorithm });
    }
}
