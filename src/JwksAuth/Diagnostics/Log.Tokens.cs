using Microsoft.Extensions.Logging;

namespace JwksAuth.Diagnostics;

internal static partial class Log
{
    [LoggerMessage(480, LogLevel.Information,
        "Scheme '{Scheme}' rejected tokens ({Reason}; count: {Count}). The last one: {Detail}", EventName = "TokensRefused")]
    public static partial void TokensRefused(this ILogger logger, string scheme, long count, string reason, string detail);
}
