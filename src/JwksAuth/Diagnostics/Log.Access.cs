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
}
