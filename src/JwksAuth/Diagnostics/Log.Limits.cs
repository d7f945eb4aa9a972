using Microsoft.Extensions.Logging;

namespace JwksAuth.Diagnostics;

internal static partial class Log
{
    [LoggerMessage(400, LogLevel.Warning,
        "MaximumResolvedIssuers is reached: the keys of {Count} issuers found at run time were evicted. Raise the limit (now {Limit}) "
        + "if you have more tenants; otherwise someone is sending tokens with many issuer names", EventName = "ResolvedIssuersDropped")]
    public static partial void ResolvedIssuersDropped(this ILogger logger, long count, int limit);

    [LoggerMessage(401, LogLevel.Warning,
        "MaximumClients is reached: the keys of {Count} clients with a JwksUri were evicted. Raise the limit (now {Limit}) if you have "
        + "more clients; otherwise someone is sending assertions with many client names", EventName = "ClientsDropped")]
    public static partial void ClientsDropped(this ILogger logger, long count, int limit);
}
