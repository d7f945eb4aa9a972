using Microsoft.Extensions.Logging;

namespace JwksAuth.Diagnostics;

/// <content>Messages about limits that tokens of strangers can meet.</content>
internal static partial class Log
{
    [LoggerMessage(400, LogLevel.Warning, "MaximumResolvedIssuers is reached: the keys of {Count} issuers that were found at run time were dropped to make room for others. Raise it (now {Limit}) if you have more tenants than that; otherwise somebody sends tokens in many names", EventName = "ResolvedIssuersDropped")]
    public static partial void ResolvedIssuersDropped(this ILogger logger, long count, int limit);

    [LoggerMessage(401, LogLevel.Warning, "MaximumClients is reached: the keys of {Count} clients with a JwksUri were dropped to make room for others. Raise it (now {Limit}) if you have more clients than that; otherwise somebody sends assertions in many names", EventName = "ClientsDropped")]
    public static partial void ClientsDropped(this ILogger logger, long count, int limit);
}
