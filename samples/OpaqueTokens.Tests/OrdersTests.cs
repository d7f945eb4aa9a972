using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using JwksAuth.Testing;

namespace OpaqueTokens.Tests;

public sealed class OrdersTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private FakeJwksServer _server = null!;
    private OrdersApiFactory _api = null!;

    public async Task InitializeAsync()
    {
        _server = await FakeJwksServer.StartInProcessAsync(new() { Audience = "orders", Algorithm = "ES256", TimeProvider = _clock });
        _api = new OrdersApiFactory(_server);
        var resourceServer = _api.CreateClient();
        _server.Introspection.EncryptFor(resourceServer, new Uri(resourceServer.BaseAddress!, "/jwks"));
    }

    public async Task DisposeAsync()
    {
        await _api.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_valid_token_passes_and_identifies_customer_and_service_provider()
    {
        using var client = _api.CreateClient(_server.Introspection.CreateToken(answer =>
        {
            answer["sub"] = "alice";
            answer["client_id"] = "portal";
        }));

        var orders = await client.GetFromJsonAsync<JsonObject>("/orders");

        Assert.Equal(("alice", "portal"), ((string?)orders!["customer"], (string?)orders["serviceProvider"]));
    }

    [Fact]
    public async Task A_revoked_token_is_refused_half_a_minute_later()
    {
        var token = _server.Introspection.CreateToken();
        Assert.Equal(HttpStatusCode.OK, await GetStatusAsync(token));

        _server.Introspection.Revoke(token);
        _clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(HttpStatusCode.Unauthorized, await GetStatusAsync(token));
    }

    [Fact]
    public async Task Every_endpoint_requires_a_token() => Assert.Equal(HttpStatusCode.Unauthorized, await GetStatusAsync(null));

    [Fact]
    public async Task An_outage_of_the_authorization_server_is_answered_with_503()
    {
        var token = _server.Introspection.CreateToken();
        await _server.StopAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await GetStatusAsync(token));
    }

    [Fact]
    public async Task The_published_key_has_no_private_part()
    {
        using var client = _api.CreateClient();

        var set = await client.GetFromJsonAsync<JsonObject>("/jwks");

        var key = Assert.Single(set!["keys"]!.AsArray())!.AsObject();
        Assert.Empty(key.Select(member => member.Key).Intersect(["d", "p", "q", "dp", "dq", "qi", "oth", "k"]));
    }

    private async Task<HttpStatusCode> GetStatusAsync(string? token)
    {
        using var client = _api.CreateClient(token);
        using var response = await client.GetAsync("/orders");
        return response.StatusCode;
    }
}
