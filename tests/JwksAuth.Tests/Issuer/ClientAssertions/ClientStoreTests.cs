using JwksAuth.Keys.Registry;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Issuer.ClientAssertions;

/// <summary>Clients that the application finds, and the data that is kept for them.</summary>
public sealed class ClientStoreTests : IAsyncLifetime
{
    private readonly TestClientStore _store = new();
    private TokenServer _server = null!;

    public async Task InitializeAsync() => _server = await TokenServer.StartAsync(
        configureServices: (services, _) => services.AddScoped<IJwksClientStore>(_ => _store));

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task A_changed_address_drops_the_keys_at_once()
    {
        var client = Add("web");
        Assert.Equal("Valid", await _server.JudgeAsync(TokenServer.Assert(client)));

        _store.Clients["web"] = new JwksClient { ClientId = "web", JwksUri = "https://issuer.test/nobody/jwks" };
        Assert.Equal("Unavailable", await _server.JudgeAsync(TokenServer.Assert(client)));

        var moved = _server.Clients.AddIssuer("moved");
        _store.Clients["web"] = new JwksClient { ClientId = "web", JwksUri = moved.JwksUri };
        Assert.Equal("UnknownKey", await _server.JudgeAsync(TokenServer.Assert(client)));
        Assert.Equal("Valid", await _server.JudgeAsync(TokenServer.Assert(moved)));
        Assert.Equal(moved.JwksUri, Assert.Single(_server.Api.Manager.GetStatus()).Address);
    }

    [Fact]
    public async Task A_change_to_another_kind_of_keys_drops_the_previous_ones()
    {
        var client = Add("web");
        Assert.Equal("Valid", await _server.JudgeAsync(TokenServer.Assert(client)));
        var other = FakeSigningKey.Create("ES256");

        _store.Clients["web"] = new JwksClient { ClientId = "web", SigningKeys = { new JwksVerificationKey { Pem = other.ExportPublicKeyPem() } } };

        Assert.Equal("Signature", await _server.JudgeAsync(TokenServer.Assert(client)));
        Assert.Equal("Valid", await _server.JudgeAsync(TokenServer.Assert(client, token => token.SignedBy(other))));
        Assert.Equal(0, _server.SourceCount);
    }

    [Fact]
    public async Task Empty_database_columns_count_as_not_set()
    {
        var client = Add("web");
        _store.Clients["web"] = new JwksClient { ClientId = "web", JwksUri = client.JwksUri, Jwks = "", Algorithm = "" };

        Assert.Equal("Valid", await _server.JudgeAsync(TokenServer.Assert(client)));
    }

    [Fact]
    public async Task A_removed_client_is_unknown_and_its_keys_are_dropped()
    {
        var client = Add("web");
        Assert.Equal("Valid", await _server.JudgeAsync(TokenServer.Assert(client)));
        _store.Clients.Clear();

        Assert.Equal("UnknownClient", await _server.JudgeAsync(TokenServer.Assert(client)));
        Assert.Equal((0, 0), (_server.SourceCount, _server.Keys.Count));
    }

    [Fact]
    public async Task A_store_that_returns_another_client_counts_as_finding_none()
    {
        var client = Add("web");
        _store.IgnoresCase = true;

        Assert.Equal("UnknownClient", await _server.JudgeAsync(TokenServer.Assert(client, clientId: "WEB")));
    }

    [Fact]
    public async Task A_store_that_fails_is_an_outage_and_is_logged_once()
    {
        var client = Add("web");
        _store.Fails = true;

        Assert.Equal("Unavailable", await _server.JudgeAsync(TokenServer.Assert(client)));
        Assert.Equal("Unavailable", await _server.JudgeAsync(TokenServer.Assert(client)));
        Assert.Equal("The client store failed (failures: 1)", Assert.Single(_server.Log.Errors));
    }

    [Fact]
    public async Task Values_that_a_client_registered_are_logged_escaped_and_truncated()
    {
        var client = Add("web");
        _store.Clients["web"] = new JwksClient { ClientId = "web", JwksUri = "ftp://\r\nerror: all is lost " + new string('x', 1000) };

        Assert.Equal("NotConfigured", await _server.JudgeAsync(TokenServer.Assert(client)));

        var logged = Assert.Single(_server.Log.Errors);
        Assert.DoesNotContain('\n', logged);
        Assert.InRange(logged.Length, 1, 400);
    }

    [Fact]
    public async Task Clearing_makes_the_next_assertion_cause_one_fetch()
    {
        var client = Add("web");
        Assert.Equal("Valid", await _server.JudgeAsync(TokenServer.Assert(client)));

        _server.Api.Manager.Clear("client web");
        Assert.Equal("Valid", await _server.JudgeAsync(TokenServer.Assert(client)));
        Assert.Equal(2, client.JwksRequestCount);
    }

    [Fact]
    public async Task Clients_at_the_same_address_share_their_keys_and_one_fetch()
    {
        var client = Add("web");
        _store.Clients["other"] = new JwksClient { ClientId = "other", JwksUri = client.JwksUri };
        Assert.Equal("UnknownKey", await _server.JudgeAsync(TokenServer.Assert(client, token => token.WithUnknownKeyId())));

        var judged = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _server.JudgeAsync(TokenServer.Assert(client, clientId: "other"))));

        Assert.All(judged, failure => Assert.Equal("Valid", failure));
        Assert.Equal(1, client.JwksRequestCount);
    }

    [Fact]
    public async Task Removing_a_client_keeps_the_keys_of_another_at_the_same_address()
    {
        var client = Add("web");
        _store.Clients["other"] = new JwksClient { ClientId = "other", JwksUri = client.JwksUri };
        Assert.Equal("Valid", await _server.JudgeAsync(TokenServer.Assert(client)));
        Assert.Equal("Valid", await _server.JudgeAsync(TokenServer.Assert(client, clientId: "other")));

        _store.Clients.TryRemove("web", out _);
        Assert.Equal("UnknownClient", await _server.JudgeAsync(TokenServer.Assert(client)));

        Assert.Equal("Valid", await _server.JudgeAsync(TokenServer.Assert(client, clientId: "other")));
        Assert.Equal(1, client.JwksRequestCount);
    }

    [Fact]
    public async Task Clients_idle_for_an_hour_are_evicted()
    {
        var client = Add("web");
        _store.Clients["fixed"] = new JwksClient { ClientId = "fixed", SigningKeys = { new JwksVerificationKey { Pem = client.CurrentKey.ExportPublicKeyPem() } } };
        Assert.Equal("Valid", await _server.JudgeAsync(TokenServer.Assert(client)));
        Assert.Equal("Valid", await _server.JudgeAsync(TokenServer.Assert(client, clientId: "fixed")));

        for (var minutes = 0; minutes < 66; minutes++)
        {
            _server.Clock.Advance(TimeSpan.FromMinutes(1));
            await Task.WhenAll(_server.Api.Services.GetRequiredService<KeySourceRegistry>().Sources.Select(source => source.CurrentFetch));
        }

        Assert.Equal(0, _server.SourceCount);
        Assert.Equal("Valid", await _server.JudgeAsync(TokenServer.Assert(Add("new"), clientId: "new")));
        Assert.Equal(1, _server.Keys.Count);
    }

    private FakeIssuer Add(string clientId)
    {
        var client = _server.Clients.AddIssuer(clientId);
        _store.Clients[clientId] = new JwksClient { ClientId = clientId, JwksUri = client.JwksUri };
        return client;
    }
}
