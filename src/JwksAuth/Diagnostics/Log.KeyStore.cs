using Microsoft.Extensions.Logging;

namespace JwksAuth.Diagnostics;

internal static partial class Log
{
    [LoggerMessage(220, LogLevel.Error, "{Fault} (met {Count} times; the keys known last stay in force)", EventName = "KeyStoreUnreadable")]
    public static partial void KeyStoreUnreadable(this ILogger logger, string fault, long count);

    [LoggerMessage(221, LogLevel.Information, "Key rotation: {Step}", EventName = "KeyRotated")]
    public static partial void KeyRotated(this ILogger logger, string step);

    [LoggerMessage(222, LogLevel.Error, "The key rotation failed and is tried again in a minute", EventName = "KeyRotationFailed")]
    public static partial void KeyRotationFailed(this ILogger logger, Exception exception);
}
