using Microsoft.Extensions.Logging;

namespace JwksAuth.PostgreSql;

/// <summary>Every message of the package.</summary>
internal static partial class Log
{
    [LoggerMessage(270, LogLevel.Warning, "The database that the fleet shares its keys on is out of reach ({ErrorType}, SQL state {SqlState}); trying again every second", EventName = "FleetDatabaseLost")]
    public static partial void DatabaseLost(this ILogger logger, string errorType, string sqlState);

    [LoggerMessage(271, LogLevel.Information, "The database that the fleet shares its keys on is within reach again", EventName = "FleetDatabaseFound")]
    public static partial void DatabaseFound(this ILogger logger);

    [LoggerMessage(272, LogLevel.Warning, "Used proofs that need not be remembered any more could not be dropped ({ErrorType}, SQL state {SqlState}); trying again every minute", EventName = "FleetReplaysNotDropped")]
    public static partial void ReplaysNotDropped(this ILogger logger, string errorType, string sqlState);
}
