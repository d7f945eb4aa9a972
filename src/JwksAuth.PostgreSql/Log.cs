using Microsoft.Extensions.Logging;

namespace JwksAuth.PostgreSql;

internal static partial class Log
{
    [LoggerMessage(270, LogLevel.Warning,
        "The database with the shared keys is unreachable ({ErrorType}, SQL state {SqlState}); retrying every second",
        EventName = "FleetDatabaseLost")]
    public static partial void DatabaseLost(this ILogger logger, string errorType, string sqlState);

    [LoggerMessage(271, LogLevel.Information, "The database with the shared keys is reachable again", EventName = "FleetDatabaseFound")]
    public static partial void DatabaseFound(this ILogger logger);

    [LoggerMessage(272, LogLevel.Warning,
        "Expired rows of used proofs could not be deleted ({ErrorType}, SQL state {SqlState}); retrying every minute",
        EventName = "FleetReplaysNotDropped")]
    public static partial void ReplaysNotDropped(this ILogger logger, string errorType, string sqlState);
}
