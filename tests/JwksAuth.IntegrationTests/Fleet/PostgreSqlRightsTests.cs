using System.Net;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace JwksAuth.IntegrationTests.Fleet;

/// <summary>What a replica needs of the database, and what it does without.</summary>
public sealed class PostgreSqlRightsTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly List<KestrelApi> _replicas = [];
    private PostgreSqlServer? _database;
    private FakeJwksServer _issuer = null!;

    public async Task InitializeAsync()
    {
        _database = await PostgreSqlServer.StartAsync();
        _issuer = await FakeJwksServer.StartAsync(new FakeJwksServerOptions { Algorithm = "ES256" });
        if (_database is not null)
            await _database.ExecuteAsync("CREATE ROLE orders_api LOGIN; CREATE ROLE stranger LOGIN");
    }

    public async Task DisposeAsync()
    {
        await Task.WhenAll(_replicas.Select(replica => replica.DisposeAsync().AsTask()));
        await _issuer.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    [SkippableFact]
    public async Task A_role_that_may_not_create_the_table_works_alone_until_somebody_has_and_then_needs_no_more_than_three_rights()
    {
        Skip.If(_database is null, "PostgreSQL is not installed (Debian: postgresql).");
        await StartAsync(createTable: true);
        await StartAsync(createTable: false);
        Assert.All(await AskAllAsync(_issuer.CreateToken()), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(2, _issuer.JwksRequestCount);

        await _database!.ExecuteAsync(JwksPostgreSqlOptions.CreateTableSql + "GRANT SELECT, INSERT, UPDATE ON jwksauth_source TO orders_api");

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
        Skip.If(_database is null, "PostgreSQL is not installed (Debian: postgresql).");
        await _database!.ExecuteAsync(JwksPostgreSqlOptions.CreateTableSql);
        await using var connection = new NpgsqlConnection(_database.ConnectionStringFor("stranger", "postgres"));
        await connection.OpenAsync();

        foreach (var statement in (string[])["SELECT document FROM jwksauth_source", "INSERT INTO jwksauth_source (source, address) VALUES ('x', 'x')", "UPDATE jwksauth_source SET document = ''"])
        {
            await using var command = new NpgsqlCommand(statement, connection);
            var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }

    [SkippableFact]
    public async Task Words_of_a_stranger_change_nothing()
    {
        Skip.If(_database is null, "PostgreSQL is not installed (Debian: postgresql).");
        await _database!.ExecuteAsync(JwksPostgreSqlOptions.CreateTableSql + "GRANT SELECT, INSERT, UPDATE ON jwksauth_source TO orders_api");
        await StartAsync(createTable: false);
        Assert.All(await AskAllAsync(_issuer.CreateToken()), status => Assert.Equal(HttpStatusCode.OK, status));

        await using var connection = new NpgsqlConnection(_database.ConnectionStringFor("stranger", "postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"SELECT pg_notify('jwksauth_source', word) FROM unnest(ARRAY['', 'x', repeat('y', 7999), '{new string('0', 64)}']) AS word, generate_series(1, 1000)", connection);
        await command.ExecuteNonQueryAsync();

        Assert.All(await AskAllAsync(_issuer.CreateToken()), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(1, _issuer.JwksRequestCount);
    }

    private async Task StartAsync(bool createTable) => _replicas.Add(await KestrelApi.StartAsync(
        _issuer.Issuer,
        addServices: services => services.AddAuthentication().UsePostgreSql(_database!.ConnectionStringFor("orders_api", "postgres"), options =>
        {
            options.CreateTable = createTable;
            options.Timeout = TimeSpan.FromSeconds(2);
        })));

    private Task<HttpStatusCode[]> AskAllAsync(string token) => Task.WhenAll(_replicas.Select(replica => replica.GetStatusAsync(token)));
}
