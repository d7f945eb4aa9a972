using Microsoft.Extensions.Logging;

namespace JwksAuth.Diagnostics;

internal static partial class Log
{
    [LoggerMessage(60, LogLevel.Information, "Open to tokens of {Schemes} are {Opened} of {Count} endpoints: {Endpoints}", EventName = "EndpointsOpened")]
    public static partial void EndpointsOpened(this ILogger logger, string schemes, int opened, int count, string endpoints);

    [LoggerMessage(200, LogLevel.Debug, "The connection could not be asked for a client certificate, and counts as one without", EventName = "ClientCertificateNotAsked")]
    public static partial void ClientCertificateNotAsked(this ILogger logger, Exception exception);
}
