namespace JwksAuth.IntegrationTests.Fleet;

/// <summary>A separate database on the server that tests share. Only its owner may create tables in it.</summary>
public sealed class PostgreSqlDatabase
{
    private readonly PostgreSqlServer _server;

    private PostgreSqlDatabase(PostgreSqlServer server) => _server = server;

    public string Name { get; } = $"orders_{Guid.NewGuid():N}";

    public static async Task<PostgreSqlDatabase> CreateAsync(PostgreSqlServer server)
    {
        var database = new PostgreSqlDatabase(server);
        await server.ExecuteAsync($"CREATE DATABASE {database.Name}");
        await database.ExecuteAsync("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        return database;
    }

    public Task ExecuteAsync(string statement) => _server.ExecuteAsync(statement, Name);

    public Task<object?> QueryAsync(string statement) => _server.QueryAsync(statement, Name);

    public string ConnectionStringFor(string role) => _server.ConnectionStringFor(role, Name);
}
