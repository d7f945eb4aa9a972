namespace JwksAuth.IntegrationTests.Fleet;

/// <summary>One server for the tests of several classes, each with its own database, a role for replicas and one for a stranger.</summary>
[CollectionDefinition(Name)]
public sealed class SharedPostgreSql : IAsyncLifetime, ICollectionFixture<SharedPostgreSql>
{
    public const string Name = "PostgreSQL";
    public const string Replica = "orders_api";

    /// <summary>The same rights, for a replica that cannot always connect.</summary>
    public const string Deaf = "orders_api_deaf";
    public const string Stranger = "stranger";

    private PostgreSqlServer? _server;

    public void SkipIfMissing() => Skip.If(_server is null, "PostgreSQL is not installed (Debian: postgresql).");

    /// <summary>An empty database; null if PostgreSQL is not installed.</summary>
    public async Task<PostgreSqlDatabase?> CreateDatabaseAsync() => _server is null ? null : await PostgreSqlDatabase.CreateAsync(_server);

    public async Task InitializeAsync()
    {
        if ((_server = await PostgreSqlServer.StartAsync()) is not null)
            await _server.ExecuteAsync($"CREATE ROLE {Replica} LOGIN; CREATE ROLE {Deaf} LOGIN IN ROLE {Replica}; CREATE ROLE {Stranger} LOGIN");
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }
}
