using System.Net;
using System.Net.Http.Json;
using JwksAuth.Testing;

namespace MinimalApi.Tests;

public sealed class OrdersTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private FakeJwksServer _issuer = null!;
    private OrdersApiFactory _api = null!;

    public async Task InitializeAsync()
    {
        // The audience is the one in appsettings.json.
        _issuer = await FakeJwksServer.StartInProcessAsync(new() { Audience = "orders", Algorithm = "ES256", TimeProvider = _clock });
        _api = new OrdersApiFactory(_issuer);
    }

    public async Task DisposeAsync()
    {
        await _api.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Theory]
    [InlineData("GET", "/me")]
    [InlineData("GET", "/orders")]
    [InlineData("POST", "/orders")]
    public async Task Every_endpoint_requires_a_token(string method, string path)
    {
        using var client = _api.CreateClient(token: null);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Fact]
    public async Task A_caller_can_read_its_own_identity()
    {
        using var client = _api.CreateClient(_issuer.CreateToken(token => token.WithSubject("alice")));

        Assert.Equal(new Caller("alice"), await client.GetFromJsonAsync<Caller>("/me"));
    }

    [Fact]
    public async Task Only_its_customer_can_see_an_order()
    {
        var coffee = new Order("coffee", 2);
        using var alice = _api.CreateClient(_issuer.CreateToken(token => token.WithSubject("alice").WithScope("orders.read", "orders.write")));
        using var bob = _api.CreateClient(_issuer.CreateToken(token => token.WithSubject("bob").WithScope("orders.read")));

        using var created = await alice.PostAsJsonAsync("/orders", coffee);

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(coffee, Assert.Single(await alice.GetFromJsonAsync<List<Order>>("/orders") ?? []));
        Assert.Empty(await bob.GetFromJsonAsync<List<Order>>("/orders") ?? []);
    }

    [Fact]
    public async Task A_scope_for_reading_does_not_write()
    {
        using var client = _api.CreateClient(_issuer.CreateToken(token => token.WithScope("orders.read")));

        using var response = await client.PostAsJsonAsync("/orders", new Order("coffee", 1));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Bad_tokens_are_refused()
    {
        string[] tokens =
        [
            _issuer.CreateToken(token => token.Expired()),
            _issuer.CreateToken(token => token.WithAudience("billing")),
            _issuer.CreateToken(token => token.WithWrongSignature()),
            _issuer.CreateToken(token => token.WithAlgorithmNone()),
        ];

        foreach (var token in tokens)
            Assert.Equal(HttpStatusCode.Unauthorized, await GetStatusAsync(token));
    }

    [Fact]
    public async Task A_token_of_a_rotated_key_passes_and_one_of_a_withdrawn_key_is_refused()
    {
        var oldKey = _issuer.CurrentKey;
        var oldToken = _issuer.CreateToken();
        Assert.Equal(HttpStatusCode.OK, await GetStatusAsync(oldToken));

        _issuer.RotateKey();
        _issuer.Withdraw(oldKey);
        _clock.Advance(TimeSpan.FromSeconds(10)); // tokens may cause a fetch every ten seconds

        Assert.Equal(HttpStatusCode.OK, await GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetStatusAsync(oldToken));
    }

    private async Task<HttpStatusCode> GetStatusAsync(string token)
    {
        using var client = _api.CreateClient(token);
        using var response = await client.GetAsync("/me");
        return response.StatusCode;
    }
}
