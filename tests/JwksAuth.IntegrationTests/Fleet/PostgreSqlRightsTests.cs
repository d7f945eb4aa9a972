using System.Net;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace JwksAuth.IntegrationTests.Fleet;

/// <summary>The rights that a replica needs on the database, those that it does not need, and notifications.</summary>
[Collection(SharedPostgreSql.Name)]
public sealed class PostgreSqlRightsTests(SharedPostgreSql server) : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly List<KestrelApi> _replicas = [];
    private FakeJwksServer _issuer = null!;
    private PostgreSqlDatabase? _database;

    public async Task InitializeAsync()
    {
        _issuer = await FakeJwksServer.StartAsync(new FakeJwksServerOptions { Algorithm = "ES256" });
        _database = await server.CreateDatabaseAsync();
    }

    public async Task DisposeAsync()
    {
        await Task.WhenAll(_replicas.Select(replica => replica.DisposeAsync().AsTask()));
        await _issuer.DisposeAsync();
    }

    [SkippableFact]
    public async Task A_role_that_may_not_create_the_table_works_alone_until_it_exists_and_then_needs_only_three_rights()
    {
        server.SkipIfMissing();
        await StartAsync(createTable: true);
        await StartAsync(createTable: false);
        Assert.All(await AskAllAsync(_issuer.CreateToken()), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(2, _issuer.JwksRequestCount);

        await PrepareAsync();

        var leaked = _issuer.CreateToken();
        _issuer.ReplaceAll();
        using var patience = new CancellationTokenSource(Limit);
        do
        {
            await _replicas[0].Keys.RefreshAsync(cancellationToken: patience.Token);
            await Task.Delay(TimeSpan.FromMilliseconds(100), patience.Token);
        }
        while ((await AskAllAsync(leaked)).Contains(HttpStatusCode.OK));
    }

    [SkippableFact]
    public async Task Another_role_can_neither_read_nor_plant_keys()
    {
        server.SkipIfMissing();
        await ExecuteAsync(JwksPostgreSqlOptions.CreateTableSql);
        await using var connection = new NpgsqlConnection(ConnectionStringFor(SharedPostgreSql.Stranger));
        await connection.OpenAsync();

        foreach (var statement in (string[])["SELECT document FROM jwksauth_source", "INSERT INTO jwksauth_source (source, address) VALUES ('x', 'x')", "UPDATE jwksauth_source SET document = ''"])
        {
            await using var command = new NpgsqlCommand(statement, connection);
            var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }

    [SkippableFact]
    public async Task Notifications_of_a_stranger_change_nothing()
    {
        server.SkipIfMissing();
        await PrepareAsync();
        await StartAsync(createTable: false);
        Assert.All(await AskAllAsync(_issuer.CreateToken()), status => Assert.Equal(HttpStatusCode.OK, status));

        await using var connection = new NpgsqlConnection(ConnectionStringFor(SharedPostgreSql.Stranger));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"SELECT pg_notify('jwksauth_source', word) FROM unnest(ARRAY['', 'x', repeat('y', 7999), '{new string('0', 64)}']) AS word, generate_series(1, 1000)", connection);
        await command.ExecuteNonQueryAsync();

        Assert.All(await AskAllAsync(_issuer.CreateToken()), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(1, _issuer.JwksRequestCount);
    }

    [SkippableFact]
    public async Task A_replica_that_missed_a_refresh_catches_up_when_it_listens_again()
    {
        server.SkipIfMissing();
        await PrepareAsync();
        await StartAsync(createTable: false);
        await StartAsync(createTable: false, SharedPostgreSql.Deaf);
        var leaked = _issuer.CreateToken();
        Assert.All(await AskAllAsync(leaked), status => Assert.Equal(HttpStatusCode.OK, status));

        await ExecuteAsync($"ALTER ROLE {SharedPostgreSql.Deaf} NOLOGIN");
        await ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{SharedPostgreSql.Deaf}'");
        _issuer.ReplaceAll();
        await _replicas[0].Keys.RefreshAsync();
        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.OK], await AskAllAsync(leaked));

        await ExecuteAsync($"ALTER ROLE {SharedPostgreSql.Deaf} LOGIN");
        await AllRefuseAsync(leaked);

        // The start, the refresh, and one for the token of the withdrawn key.
        Assert.Equal(3, _issuer.JwksRequestCount);
    }

    [SkippableFact]
    public async Task A_replica_that_could_not_listen_at_the_start_catches_up_when_it_can()
    {
        server.SkipIfMissing();
        await PrepareAsync();
        await StartAsync(createTable: false);
        var leaked = _issuer.CreateToken();
        Assert.All(await AskAllAsync(leaked), status => Assert.Equal(HttpStatusCode.OK, status));

        await ExecuteAsync($"ALTER ROLE {SharedPostgreSql.Deaf} NOLOGIN");
        await StartAsync(createTable: false, SharedPostgreSql.Deaf);
        Assert.All(await AskAllAsync(leaked), status => Assert.Equal(HttpStatusCode.OK, status));
        _issuer.ReplaceAll();
        await _replicas[0].Keys.RefreshAsync();
        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.OK], await AskAllAsync(leaked));

        await ExecuteAsync($"ALTER ROLE {SharedPostgreSql.Deaf} LOGIN");
        await AllRefuseAsync(leaked);

        // Both starts, the refresh, and one for the token of the withdrawn key.
        Assert.Equal(4, _issuer.JwksRequestCount);
    }

    [SkippableFact]
    public async Task A_clear_on_one_replica_reaches_the_others()
    {
        server.SkipIfMissing();
        await PrepareAsync();
        await StartAsync(createTable: false);
        await StartAsync(createTable: false);
        var leaked = _issuer.CreateToken();
        Assert.All(await AskAllAsync(leaked), status => Assert.Equal(HttpStatusCode.OK, status));

        _issuer.ReplaceAll();
        _replicas[0].Keys.Clear();

        await AllRefuseAsync(leaked);
        Assert.All(await AskAllAsync(_issuer.CreateToken()), status => Assert.Equal(HttpStatusCode.OK, status));
    }

    [SkippableFact]
    public async Task After_the_database_clock_was_set_back_new_fetches_are_shared()
    {
        server.SkipIfMissing();
        await PrepareAsync();
        await StartAsync(createTable: false);
        await _replicas[0].Keys.RefreshAsync(); // completes when the database has it
        const string Hour = "3600000000";
        await ExecuteAsync($"UPDATE jwksauth_source SET number = number + {Hour}, claimed = claimed + {Hour}, version = version + {Hour}, fetched = fetched + {Hour}");

        await StartAsync(createTable: false);
        Assert.Equal(HttpStatusCode.OK, await _replicas[1].GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(3, _issuer.JwksRequestCount);

        await StartAsync(createTable: false);
        Assert.Equal(HttpStatusCode.OK, await _replicas[2].GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(3, _issuer.JwksRequestCount);
    }

    private async Task AllRefuseAsync(string leaked)
    {
        using var patience = new CancellationTokenSource(Limit);
        while ((await AskAllAsync(leaked)).Contains(HttpStatusCode.OK))
            await Task.Delay(TimeSpan.FromMilliseconds(100), patience.Token);
    }

    private Task PrepareAsync() => ExecuteAsync(JwksPostgreSqlOptions.CreateTableSql + "GRANT SELECT, INSERT, UPDATE ON jwksauth_source TO " + SharedPostgreSql.Replica);

    private async Task StartAsync(bool createTable, string role = SharedPostgreSql.Replica) => _replicas.Add(await KestrelApi.StartAsync(
        _issuer.Issuer,
        options => options.RefreshInterval = TimeSpan.FromMinutes(1), // a busy machine may need longer than the usual cooldown
        addServices: services => services.AddAuthentication().AddJwksPostgreSql(ConnectionStringFor(role), options =>
        {
            options.CreateTable = createTable;
            options.Timeout = TimeSpan.FromSeconds(5); // what is counted here must not depend on how busy the machine is
        })));

    private Task ExecuteAsync(string statement) => _database!.ExecuteAsync(statement);

    private string ConnectionStringFor(string role) => _database!.ConnectionStringFor(role);

    private Task<HttpStatusCode[]> AskAllAsync(string token) => Task.WhenAll(_replicas.Select(replica => replica.GetStatusAsync(token)));
}
