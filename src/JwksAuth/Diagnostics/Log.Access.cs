using Microsoft.Extensions.Logging;

namespace JwksAuth.Diagnostics;

internal static partial class Log
{
    [LoggerMessage(60, LogLevel.Information,
        "{Opened} of {Count} endpoints accept tokens of {Schemes}: {Endpoints}", EventName = "EndpointsOpened")]
    public static partial void EndpointsOpened(this ILogger logger, string schemes, int opened, int count, string endpoints);

    [LoggerMessage(200, LogLevel.Debug,
        "The connection does not support asking for a client certificate; the request is treated as one without a certificate",
        EventName = "ClientCertificateNotAsked")]
    public static partial void ClientCertificateNotAsked(this ILogger logger, Exception exception);

    [LoggerMessage(500, LogLevel.Debug,
        "The request was rejected after its response had started; the response was not changed", EventName = "ResponseHasStarted")]
    public static partial void ResponseHasStarted(this ILogger logger);

    [LoggerMessage(501, LogLevel.Error,
        "An endpoint added after the start has contradictory or unknown access rules: {Fault}", EventName = "EndpointFault")]
    public static partial void EndpointFault(this ILogger logger, string fault);
}
