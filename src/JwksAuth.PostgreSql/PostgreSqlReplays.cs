using JwksAuth.Replay;
using Npgsql;

namespace JwksAuth.PostgreSql;

/// <summary>A shared replay cache in a table. One statement checks and adds, so only one of concurrent replicas succeeds.</summary>
internal sealed class PostgreSqlReplays(PostgreSqlFleet fleet) : ISharedReplays
{
    public TimeSpan Timeout => fleet.Timeout;

    public async Task<bool> TryAddAsync(string key, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        await using var command = fleet.DataSource.CreateCommand(FleetSql.Use);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = (long)lifetime.TotalMicroseconds });
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }
}
