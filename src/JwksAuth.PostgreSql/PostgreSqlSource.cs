using JwksAuth.Fleet;
using Npgsql;

namespace JwksAuth.PostgreSql;

internal sealed class PostgreSqlSource(NpgsqlDataSource database, FleetSourceName name, Action onChange, Action<PostgreSqlSource> onLeave)
    : IFleetSource
{
    public string Key => name.Key;

    public void Notify() => onChange();

    public async Task<FleetState> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = Command(FleetSql.Read, new NpgsqlParameter<int> { TypedValue = SharedDocument.MaximumBytes });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return FleetState.Nothing;

        var document = reader.IsDBNull(2) ? null : reader.GetFieldValue<byte[]>(2);
        return new FleetState(reader.GetInt64(0), TimeSpan.FromMicroseconds(reader.GetInt64(1)), document, reader.GetBoolean(3));
    }

    public async Task<FleetClaim> ClaimAsync(ClaimTerms terms, CancellationToken cancellationToken)
    {
        await using var command = Command(
            FleetSql.Claim, Text(name.Address), Number((long)terms.AfterEnd.TotalMicroseconds),
            Number((long)terms.UnderWay.TotalMicroseconds), Number(terms.Seen));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);

        // A claim that another replica makes concurrently is invisible to the statement's snapshot.
        if (!await reader.ReadAsync(cancellationToken))
            return FleetClaim.Refused(terms.UnderWay, isUnderWay: true);
        if (!reader.IsDBNull(0))
            return FleetClaim.Granted(reader.GetInt64(0));
        if (reader.GetBoolean(3))
            return FleetClaim.Outdated;

        var opensIn = TimeSpan.FromMicroseconds(reader.GetInt64(1));
        return opensIn > TimeSpan.Zero
            ? FleetClaim.Refused(opensIn, reader.GetBoolean(2))
            : FleetClaim.Refused(terms.UnderWay, isUnderWay: true);
    }

    public async Task CompleteAsync(long version, byte[]? document, bool beginsCooldown, CancellationToken cancellationToken)
    {
        var bytes = new NpgsqlParameter { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bytea, Value = document ?? (object)DBNull.Value };
        await using var command = Command(
            FleetSql.Complete, Number(version), bytes, new NpgsqlParameter<bool> { TypedValue = beginsCooldown });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task ReturnAsync(long version, CancellationToken cancellationToken)
    {
        await using var command = Command(FleetSql.Return, Number(version));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<FleetState> WithdrawAsync(CancellationToken cancellationToken)
    {
        await using var command = Command(FleetSql.Withdraw, Text(name.Address));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new FleetState(reader.GetInt64(0), TimeSpan.Zero, null, IsUnderWay: false);
    }

    public ValueTask DisposeAsync()
    {
        onLeave(this);
        return default;
    }

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value };

    private static NpgsqlParameter<long> Number(long value) => new() { TypedValue = value };

    private NpgsqlCommand Command(string statement, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = database.CreateCommand(statement);
        command.Parameters.Add(Text(name.Key));
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        return command;
    }
}
