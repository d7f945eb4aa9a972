using JwksAuth.Keys;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Clients;

/// <summary>More clients than are kept. Alone, because what it holds would be measured by tests beside it.</summary>
[Collection(nameof(MeasuredAlone))]
public class ClientFloodTests
{
    [Fact]
    public async Task Junk_for_1500_clients_keeps_1000_and_fetches_once_per_window_and_client()
    {
        var store = new TestClientStore();
        await using var server = await TokenServer.StartAsync(configureServices: (services, _) => services.AddScoped<IJwksClientStore>(_ => store));
        var clients = Enumerable.Range(0, 1500).Select(number => server.Clients.AddIssuer($"c{number}")).ToList();
        for (var number = 0; number < clients.Count; number++)
            store.Clients[$"c{number}"] = new JwksClient { ClientId = $"c{number}", JwksUri = clients[number].JwksUri };

        foreach (var first in (int[])[0, 900])
        {
            for (var number = first; number < clients.Count; number++)
                Assert.Contains(await server.JudgeAsync(TokenServer.Assert(clients[number], token => token.WithUnknownKeyId(), $"c{number}")), Expected(number));
        }

        Assert.Equal((OnTheFlySources.Capacity, OnTheFlySources.Capacity), (server.SourceCount, server.Keys.Count));
        Assert.All(clients, client => Assert.InRange(client.JwksRequestCount, 0, 1));
        Assert.Equal(OnTheFlySources.Capacity, clients.Sum(client => client.JwksRequestCount));

        // When the windows have opened there is room for those that found none.
        server.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("Valid", await server.JudgeAsync(TokenServer.Assert(clients[1499], clientId: "c1499")));
        Assert.Equal(OnTheFlySources.Capacity, server.Keys.Count);

        string[] Expected(int number) => number < OnTheFlySources.Capacity ? ["UnknownKey"] : ["Unavailable"];
    }
}
