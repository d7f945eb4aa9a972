using Microsoft.Extensions.Logging;

namespace JwksAuth.Diagnostics;

internal static partial class Log
{
    [LoggerMessage(500, LogLevel.Debug, "The request was refused after its response had started, which stays as it is", EventName = "ResponseHasStarted")]
    public static partial void ResponseHasStarted(this ILogger logger);

    [LoggerMessage(501, LogLevel.Error, "An endpoint that was added after the start does not say what it means: {Fault}", EventName = "EndpointFault")]
    public static partial void EndpointFault(this ILogger logger, string fault);
}
