using System.Net;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.IntegrationTests.Fleet;

/// <summary>Eight replicas on one database, whose issuer rotates just after a fetch that no token caused. The replicas use the clock of the test, the database uses its own.</summary>
[Collection(SharedPostgreSql.Name)]
public sealed class PostgreSqlRotationTests(SharedPostgreSql server) : IAsyncLifetime
{
    private const int Replicas = 8;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly FakeClock _clock = new(DateTimeOffset.UtcNow);
    private FakeJwksServer _issuer = null!;
    private KestrelApi[] _replicas = [];
    private PostgreSqlDatabase? _database;

    public async Task InitializeAsync()
    {
        _issuer = await FakeJwksServer.StartAsync(new FakeJwksServerOptions { Algorithm = "ES256" });
        if ((_database = await server.CreateDatabaseAsync()) is null)
            return;
        await _database.ExecuteAsync($"""
            {JwksPostgreSqlOptions.CreateTableSql}
            GRANT SELECT, INSERT, UPDATE ON jwksauth_source TO {SharedPostgreSql.Replica};
            """);
        _replicas = await Task.WhenAll(Enumerable.Range(0, Replicas).Select(_ => KestrelApi.StartAsync(
            _issuer.Issuer,
            options => (options.TimeProvider, options.RefreshInterval) = (_clock, TimeSpan.FromMinutes(1)),
            addServices: services => services.AddAuthentication().AddJwksPostgreSql(
                _database.ConnectionStringFor(SharedPostgreSql.Replica),
                options => (options.CreateTable, options.Timeout) = (false, TimeSpan.FromSeconds(5))))));
        await WaitAsync(replica => replica.Keys.GetStatus() is [{ State: JwksSourceState.Fresh }]);
    }

    public async Task DisposeAsync()
    {
        await Task.WhenAll(_replicas.Select(replica => replica.DisposeAsync().AsTask()));
        await _issuer.DisposeAsync();
    }

    [SkippableTheory]
    [InlineData("start")]
    [InlineData("schedule")]
    [InlineData("operator")]
    public async Task A_rotation_a_second_after_a_good_fetch_that_no_token_caused_costs_the_fleet_one_fetch_and_all_pass(string cause)
    {
        server.SkipIfMissing();
        Assert.Equal(1, _issuer.JwksRequestCount);
        if (cause == "schedule")
        {
            _clock.Advance(TimeSpan.FromMinutes(5));
            await WaitAsync(replica => replica.Keys.GetStatus() is [{ Age.TotalMinutes: < 1 }]);
        }

        if (cause == "operator")
            await _replicas[0].Keys.RefreshAsync();
        var before = _issuer.JwksRequestCount;
        Assert.Equal(cause == "start" ? 1 : 2, before);

        _clock.Advance(TimeSpan.FromSeconds(1));
        _issuer.Jwks.Respond(FakeResponse.Regular.After(TimeSpan.FromMilliseconds(100)));
        _issuer.RotateKey();
        var token = _issuer.CreateToken();
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(index => _replicas[index % Replicas].GetStatusAsync(token)));

        Assert.All(answers, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(before + 1, _issuer.JwksRequestCount);

        // A token caused that fetch: junk on any replica is now throttled, by the database's clock.
        foreach (var replica in _replicas)
            Assert.Equal(HttpStatusCode.Unauthorized, await replica.GetStatusAsync(_issuer.CreateToken(junk => junk.WithUnknownKeyId())));
        Assert.Equal(before + 1, _issuer.JwksRequestCount);
    }

    [SkippableFact]
    public async Task A_failed_refresh_begins_the_cooldown_of_the_fleet()
    {
        server.SkipIfMissing();
        _issuer.Jwks.RespondOnce(FakeResponse.Status(500));
        await _replicas[0].Keys.RefreshAsync();
        var before = _issuer.JwksRequestCount;

        _issuer.RotateKey();
        foreach (var replica in _replicas[1..])
            Assert.Equal(HttpStatusCode.Unauthorized, await replica.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(before, _issuer.JwksRequestCount);
    }

    // A replica waits by the clock of the test.
    private async Task WaitAsync(Func<KestrelApi, bool> isDone)
    {
        using var patience = new CancellationTokenSource(Limit);
        while (!_replicas.All(isDone))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
            _clock.Advance(TimeSpan.FromMilliseconds(50));
        }
    }
}
