using System.Diagnostics;
using System.Net;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.IntegrationTests.Fleet;

/// <summary>Eight hosts, each with everything that a process has of its own, on a real PostgreSQL.</summary>
public sealed class PostgreSqlFleetTests : IAsyncLifetime
{
    private const int Hosts = 8;

    // The hosts, the database and the test share the machine's processors: the production default of 50 ms is for a database that has its own.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly List<KestrelApi> _hosts = [];
    private PostgreSqlServer? _database;
    private FakeJwksServer _issuer = null!;

    public async Task InitializeAsync()
    {
        _database = await PostgreSqlServer.StartAsync();
        _issuer = await FakeJwksServer.StartAsync(new FakeJwksServerOptions { Algorithm = "ES256" });
    }

    public async Task DisposeAsync()
    {
        await Task.WhenAll(_hosts.Select(host => host.DisposeAsync().AsTask()));
        await _issuer.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    [SkippableFact]
    public async Task Hosts_that_start_at_once_fetch_once_and_a_flood_on_all_once_more()
    {
        await StartHostsAsync();
        Assert.All(await AskAllAsync(_issuer.CreateToken()), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(1, _issuer.JwksRequestCount);

        var started = Stopwatch.GetTimestamp();
        for (var round = 0; round < 20; round++)
            Assert.All(await AskAllAsync(_issuer.CreateToken(token => token.WithUnknownKeyId())), status => Assert.Equal(HttpStatusCode.Unauthorized, status));

        var windows = (int)(Stopwatch.GetElapsedTime(started) / TimeSpan.FromSeconds(10)) + 1;
        Assert.InRange(_issuer.JwksRequestCount, 1, 1 + windows);
    }

    [SkippableFact]
    public async Task A_refresh_on_one_host_is_in_force_on_all_within_a_second()
    {
        await StartHostsAsync();
        var leaked = _issuer.CreateToken();
        Assert.All(await AskAllAsync(leaked), status => Assert.Equal(HttpStatusCode.OK, status));
        _issuer.ReplaceAll();

        await _hosts[0].Keys.RefreshAsync();
        var refreshed = Stopwatch.GetTimestamp();
        while ((await AskAllAsync(leaked)).Contains(HttpStatusCode.OK))
            Assert.True(Stopwatch.GetElapsedTime(refreshed) < TimeSpan.FromSeconds(1), "A withdrawn key verified a token a second after the refresh.");

        Assert.Equal(2, _issuer.JwksRequestCount);
        Assert.All(await AskAllAsync(_issuer.CreateToken()), status => Assert.Equal(HttpStatusCode.OK, status));
    }

    [SkippableFact]
    public async Task Hosts_that_start_in_an_outage_of_the_issuer_serve_from_the_copy()
    {
        await StartHostsAsync(1);
        Assert.All(await AskAllAsync(_issuer.CreateToken()), status => Assert.Equal(HttpStatusCode.OK, status));
        await _issuer.StopAsync();

        await StartHostsAsync(Hosts - 1);

        Assert.All(await AskAllAsync(_issuer.CreateToken()), status => Assert.Equal(HttpStatusCode.OK, status));
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_database_that_stops_or_hangs_fails_no_good_token_and_the_fleet_finds_together_again(bool isHang)
    {
        await StartHostsAsync(3, TimeSpan.FromMilliseconds(50));
        Assert.All(await AskAllAsync(_issuer.CreateToken()), status => Assert.Equal(HttpStatusCode.OK, status));

        await (isHang ? _database!.FreezeAsync() : _database!.StopServerAsync());
        Assert.All(await AskAllAsync(_issuer.CreateToken()), status => Assert.Equal(HttpStatusCode.OK, status));
        foreach (var host in _hosts)
            Assert.NotEqual(JwksRefreshOutcome.Failed, Assert.Single(await host.Keys.RefreshAsync()).Outcome);
        Assert.All(await AskAllAsync(_issuer.CreateToken()), status => Assert.Equal(HttpStatusCode.OK, status));
        await (isHang ? _database!.ThawAsync() : _database!.StartServerAsync());

        // The first refresh that gets through shows itself on another host; those before it found the database still out of reach.
        var leaked = _issuer.CreateToken();
        _issuer.ReplaceAll();
        var recovered = Stopwatch.GetTimestamp();
        while (await _hosts[2].GetStatusAsync(leaked) != HttpStatusCode.Unauthorized)
        {
            Assert.True(Stopwatch.GetElapsedTime(recovered) < TimeSpan.FromSeconds(60), "The fleet did not find together.");
            await _hosts[0].Keys.RefreshAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(500));
        }
    }

    private async Task StartHostsAsync(int count = Hosts, TimeSpan? timeout = null)
    {
        Skip.If(_database is null, "PostgreSQL is not installed (Debian: postgresql).");
        _hosts.AddRange(await Task.WhenAll(Enumerable.Range(0, count).Select(_ => KestrelApi.StartAsync(
            _issuer.Issuer,
            addServices: services => services.AddAuthentication().UsePostgreSql(_database!.ConnectionString, options => options.Timeout = timeout ?? Patience)))));
    }

    private async Task<HttpStatusCode[]> AskAllAsync(string token) => await Task.WhenAll(_hosts.Select(host => host.GetStatusAsync(token)));
}
