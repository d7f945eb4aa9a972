using System.Net;
using System.Net.Sockets;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace JwksAuth.IntegrationTests.Fleet;

/// <summary>A database that accepts connections and never answers, like one that hangs.</summary>
public sealed class SilentDatabaseTests : IDisposable
{
    private readonly TcpListener _database = new(IPAddress.Loopback, 0);

    public SilentDatabaseTests() => _database.Start();

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task The_host_starts_without_waiting_for_the_database()
    {
        var services = new ServiceCollection().AddLogging();
        Share(services);
        await using var provider = services.BuildServiceProvider();
        var ear = provider.GetServices<IHostedService>().OfType<IHostedLifecycleService>().Single(service => service.GetType().Assembly == typeof(JwksPostgreSqlOptions).Assembly);

        Assert.True(ear.StartingAsync(CancellationToken.None).IsCompletedSuccessfully);

        using var connection = await _database.AcceptSocketAsync();
        await ear.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_replica_serves_requests_without_the_database()
    {
        await using var issuer = await FakeJwksServer.StartAsync(new FakeJwksServerOptions { Algorithm = "ES256" });
        await using var replica = await KestrelApi.StartAsync(issuer.Issuer, addServices: Share);

        Assert.Equal(HttpStatusCode.OK, await replica.GetStatusAsync(issuer.CreateToken()));
        Assert.Equal(1, issuer.JwksRequestCount);
    }

    private void Share(IServiceCollection services) =>
        services.AddAuthentication().AddJwksPostgreSql($"Host=127.0.0.1;Port={((IPEndPoint)_database.LocalEndpoint).Port};Database=orders;Username=orders_api");
}
