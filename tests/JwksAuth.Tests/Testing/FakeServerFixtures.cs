using System.Text.Json.Nodes;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Testing;

/// <summary>Helpers for the tests of the fake server.</summary>
internal static class FakeServerFixtures
{
    /// <summary>Starts the server with EC keys, which are generated fast.</summary>
    internal static Task<FakeJwksServer> StartAsync(bool inProcess, TimeProvider? clock = null)
    {
        var options = new FakeJwksServerOptions { Algorithm = "ES256", TimeProvider = clock ?? TimeProvider.System };
        return inProcess ? FakeJwksServer.StartInProcessAsync(options) : FakeJwksServer.StartAsync(options);
    }

    internal static HttpClient CreateClient(this FakeJwksServer server) => new(server.CreateHandler());

    internal static async Task<JsonObject> GetJsonAsync(this HttpClient client, string uri) =>
        JsonNode.Parse(await client.GetStringAsync(uri))!.AsObject();

    internal static async Task<string[]> GetKeyIdsAsync(this HttpClient client, string uri) =>
        [.. (await client.GetJsonAsync(uri))["keys"]!.AsArray().Select(jwk => (string)jwk!["kid"]!)];
}
