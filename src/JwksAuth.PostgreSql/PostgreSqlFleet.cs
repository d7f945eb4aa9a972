using System.Collections.Concurrent;
using JwksAuth.Fleet;
using Microsoft.Extensions.Options;
using Npgsql;

namespace JwksAuth.PostgreSql;

/// <summary>Shares keys through a PostgreSQL table: exact claims by the database's clock, and notifications by <c>NOTIFY</c>.</summary>
internal sealed class PostgreSqlFleet : IFleetEngine, IAsyncDisposable
{
    private const int ConnectSeconds = 5;
    private const int KeepAliveSeconds = 5;
    private const int MostDroppedAtOnce = 10_000;

    // Longer than the largest refresh interval.
    private static readonly TimeSpan UnusedLifetime = TimeSpan.FromDays(60);

    private readonly JwksPostgreSqlOptions _options;
    private readonly ConcurrentDictionary<PostgreSqlSource, byte> _sources = [];
    private readonly TaskCompletionSource _firstTry = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PostgreSqlFleet(IOptions<JwksPostgreSqlOptions> options)
    {
        _options = options.Value;
        var builder = new NpgsqlSlimDataSourceBuilder(_options.ConnectionString);
        builder.EnableTransportSecurity();

        // Detect a server that hangs: no request waits this long, but the listening connection does.
        builder.ConnectionStringBuilder.Timeout = ConnectSeconds;
        builder.ConnectionStringBuilder.CommandTimeout = ConnectSeconds;
        builder.ConnectionStringBuilder.KeepAlive = KeepAliveSeconds;
        DataSource = builder.Build();
    }

    public NpgsqlDataSource DataSource { get; }

    public TimeSpan Timeout => _options.Timeout;

    public Task FirstTry => _firstTry.Task;

    /// <summary>Ends the wait of starting sources, with or without a connection.</summary>
    public void EndFirstTry() => _firstTry.TrySetResult();

    public IFleetSource Join(FleetSourceName name, TimeProvider time, Action onChange)
    {
        var source = new PostgreSqlSource(DataSource, name, onChange, left => _sources.TryRemove(left, out _));
        _sources[source] = 0;
        return source;
    }

    /// <summary>Notifies the sources of that key of a possible change; null, after missed notifications, notifies all.</summary>
    public void Notify(string? key)
    {
        foreach (var source in _sources.Keys)
        {
            if (key is null || key == source.Key)
                source.Notify();
        }
    }

    public async Task PrepareAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (!_options.CreateTable || await HasTablesAsync(connection, cancellationToken))
            return;

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var statement in (string[])[FleetSql.LockCreation, JwksPostgreSqlOptions.CreateTableSql])
        {
            await using var command = new NpgsqlCommand(statement, connection, transaction);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Opens a pooled connection and reads through it, because the first fetch has no time for either.</summary>
    public async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        await using var nobody = new PostgreSqlSource(DataSource, new FleetSourceName("", ""), () => { }, _ => { });
        await nobody.ReadAsync(cancellationToken);
    }

    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        await ForgetSourcesAsync(cancellationToken);
        if (!_options.ShareReplays)
            return;
        int dropped;
        do
        {
            await using var command = DataSource.CreateCommand(FleetSql.Forget);
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = MostDroppedAtOnce });
            dropped = await command.ExecuteNonQueryAsync(cancellationToken);
        }
        while (dropped == MostDroppedAtOnce);
    }

    public ValueTask DisposeAsync() => DataSource.DisposeAsync();

    // A role without the permission leaves the rows.
    private async Task ForgetSourcesAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var question = DataSource.CreateCommand(FleetSql.MayForgetSources);
            if (await question.ExecuteScalarAsync(cancellationToken) is not true)
                return;
            await using var command = DataSource.CreateCommand(FleetSql.ForgetSources);
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = (long)UnusedLifetime.TotalMicroseconds });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (NpgsqlException)
        {
            // Retried next time; requests report faults of the database.
        }
    }

    private static async Task<bool> HasTablesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(FleetSql.HasTables, connection);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }
}
