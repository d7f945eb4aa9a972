using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.IntegrationTests.Fleet;

/// <summary>Deletion of the rows of sources that no replica uses any more.</summary>
[Collection(SharedPostgreSql.Name)]
public sealed class PostgreSqlForgetTests(SharedPostgreSql server) : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly FakeClock _clock = new();
    private FakeJwksServer _issuer = null!;
    private PostgreSqlDatabase? _database;

    public async Task InitializeAsync()
    {
        _issuer = await FakeJwksServer.StartAsync(new FakeJwksServerOptions { Algorithm = "ES256" });
        _database = await server.CreateDatabaseAsync();
    }

    public Task DisposeAsync() => _issuer.DisposeAsync().AsTask();

    [SkippableTheory]
    [InlineData(true, 2L)]
    [InlineData(false, 3L)]
    public async Task Rows_that_no_replica_has_used_for_two_months_are_deleted_if_the_role_may_delete(bool mayDelete, long rows)
    {
        server.SkipIfMissing();
        await _database!.ExecuteAsync($"""
            {JwksPostgreSqlOptions.CreateTableSql}
            GRANT SELECT, INSERT, UPDATE{(mayDelete ? ", DELETE" : "")} ON jwksauth_source TO {SharedPostgreSql.Replica};
            GRANT SELECT, INSERT, UPDATE, DELETE ON jwksauth_used TO {SharedPostgreSql.Replica};
            INSERT INTO jwksauth_used VALUES ('old', 1);
            INSERT INTO jwksauth_source (source, address, number) VALUES
                ('old', 'x', extract(epoch FROM now() - interval '61 days') * 1000000), ('young', 'x', extract(epoch FROM now() - interval '59 days') * 1000000);
            """);
        await using var replica = await KestrelApi.StartAsync(_issuer.Issuer, addServices: services => services
            .AddSingleton<TimeProvider>(_clock)
            .AddAuthentication().AddJwksPostgreSql(
                _database.ConnectionStringFor(SharedPostgreSql.Replica),
                options => (options.CreateTable, options.ShareReplays, options.Timeout) = (false, true, TimeSpan.FromSeconds(5))));
        await replica.Keys.RefreshAsync();

        // Replays are dropped after sources.
        using var patience = new CancellationTokenSource(Limit);
        while (await _database.QueryAsync("SELECT count(*) FROM jwksauth_used") is not 0L)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
        }

        Assert.Equal(rows, await _database.QueryAsync("SELECT count(*) FROM jwksauth_source"));
    }
}
