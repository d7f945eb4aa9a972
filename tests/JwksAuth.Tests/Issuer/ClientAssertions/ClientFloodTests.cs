using System.Net;
using JwksAuth.Keys.Registry;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Issuer.ClientAssertions;

/// <summary>More clients than are kept. Not in parallel with other tests, whose memory measurements it would affect.</summary>
[Collection(nameof(MeasuredAlone))]
public class ClientFloodTests
{
    [Fact]
    public async Task Junk_for_1500_clients_keeps_1000_refuses_nobody_and_fetches_once_per_cooldown_and_client()
    {
        var store = new TestClientStore();
        await using var server = await TokenServer.StartAsync(configureServices: (services, _) => services.AddScoped<IJwksClientStore>(_ => store));
        var clients = Enumerable.Range(0, 1500).Select(number => server.Clients.AddIssuer($"c{number}")).ToList();
        for (var number = 0; number < clients.Count; number++)
            store.Clients[$"c{number}"] = new JwksClient { ClientId = $"c{number}", JwksUri = clients[number].JwksUri };

        foreach (var first in (int[])[0, 900])
        {
            for (var number = first; number < clients.Count; number++)
                Assert.Equal("UnknownKey", await server.JudgeAsync(TokenServer.Assert(clients[number], token => token.WithUnknownKeyId(), $"c{number}")));
        }

        Assert.Equal((OnTheFlySources.DefaultLimit, OnTheFlySources.DefaultLimit), (server.SourceCount, server.Keys.Count));
        Assert.All(clients, client => Assert.Equal(1, client.JwksRequestCount));

        // All of them pass, including those that were dropped.
        for (var number = 0; number < clients.Count; number += 100)
            Assert.Equal("Valid", await server.JudgeAsync(TokenServer.Assert(clients[number], clientId: $"c{number}")));
        Assert.All(clients, client => Assert.Equal(1, client.JwksRequestCount));
        Assert.Contains("MaximumClients", Assert.Single(server.Log.Entries, entry => entry.Id.Name == "ClientsDropped").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_junk_in_the_names_of_a_thousand_clients_every_valid_assertion_passes()
    {
        var store = new TestClientStore();
        await using var server = await TokenServer.StartAsync(configureServices: (services, _) => services.AddScoped<IJwksClientStore>(_ => store));
        var client = server.Clients.AddIssuer("client");
        foreach (var name in Enumerable.Range(0, 1000).Select(number => $"c{number}").Append("victim").Append("new"))
            store.Clients[name] = new JwksClient { ClientId = name, JwksUri = $"{client.JwksUri}?{name}" };
        Assert.Equal(HttpStatusCode.OK, await PostAsync(server, TokenServer.Assert(client, clientId: "victim")));
        server.Clock.Advance(TimeSpan.FromSeconds(10));

        for (var number = 0; number < 1000; number++)
            Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(server, TokenServer.Assert(client, token => token.WithUnknownKeyId().WithWrongSignature(), $"c{number}")));

        Assert.Equal(HttpStatusCode.OK, await PostAsync(server, TokenServer.Assert(client, clientId: "victim")));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(server, TokenServer.Assert(client, clientId: "new")));
        for (var number = 0; number < 1000; number++)
            Assert.Equal(HttpStatusCode.OK, await PostAsync(server, TokenServer.Assert(client, clientId: $"c{number}")));
        Assert.Equal(1002, client.JwksRequestCount);
    }

    [Fact]
    public async Task Clients_with_configured_keys_pass_during_any_flood_and_do_not_count_towards_the_limit()
    {
        var key = FakeSigningKey.Create("ES256");
        var store = new TestClientStore();
        await using var server = await TokenServer.StartAsync(
            (options, _) =>
            {
                options.MaximumClients = 10;
                options.Clients.Add(new JwksClient { ClientId = "fixed", SigningKeys = { new JwksVerificationKey { Pem = key.ExportPublicKeyPem() } } });
            },
            (services, _) => services.AddScoped<IJwksClientStore>(_ => store));
        var remote = server.Clients.AddIssuer("remote");
        store.Clients["remote"] = new JwksClient { ClientId = "remote", JwksUri = remote.JwksUri };
        Assert.Equal("Valid", await server.JudgeAsync(TokenServer.Assert(remote, clientId: "remote")));
        for (var number = 0; number < 50; number++)
        {
            store.Clients[$"r{number}"] = new JwksClient { ClientId = $"r{number}", JwksUri = $"{remote.JwksUri}?{number}" };
            store.Clients[$"f{number}"] = new JwksClient { ClientId = $"f{number}", SigningKeys = { new JwksVerificationKey { Pem = key.ExportPublicKeyPem() } } };
            Assert.Equal("UnknownKey", await server.JudgeAsync(TokenServer.Assert(remote, token => token.WithUnknownKeyId(), $"r{number}")));
            Assert.Equal("Signature", await server.JudgeAsync(TokenServer.Assert(remote, token => token.WithWrongSignature(), $"f{number}")));
        }

        var requests = remote.JwksRequestCount;
        Assert.Equal("Valid", await server.JudgeAsync(TokenServer.Assert(remote, token => token.SignedBy(key), "fixed")));
        Assert.Equal("Valid", await server.JudgeAsync(TokenServer.Assert(remote, token => token.SignedBy(key), "f7")));
        Assert.Equal("Valid", await server.JudgeAsync(TokenServer.Assert(remote, clientId: "remote")));
        Assert.Equal(requests, remote.JwksRequestCount);
        Assert.Equal((10, 10), (server.SourceCount, server.Keys.Count));
    }

    private static async Task<HttpStatusCode> PostAsync(TokenServer server, string assertion)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ["client_assertion"] = assertion,
        });
        using var response = await server.Api.Client.PostAsync("/token", form);
        return response.StatusCode;
    }
}
