using Microsoft.Extensions.Logging;

namespace JwksAuth.Diagnostics;

internal static partial class Log
{
    [LoggerMessage(500, LogLevel.Debug,
        "The request was rejected after its response had started; the response was not changed", EventName = "ResponseHasStarted")]
    public static partial void ResponseHasStarted(this ILogger logger);

    [LoggerMessage(501, LogLevel.Error,
        "An endpoint added after the start has contradictory or unknown access rules: {Fault}", EventName = "EndpointFault")]
    public static partial void EndpointFault(this ILogger logger, string fault);
}
