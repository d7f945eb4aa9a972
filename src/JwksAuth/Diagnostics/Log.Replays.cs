using Microsoft.Extensions.Logging;

namespace JwksAuth.Diagnostics;

internal static partial class Log
{
    [LoggerMessage(243, LogLevel.Error, "The replay cache failed ({Count} times): what may be used once was refused", EventName = "ReplayCacheFailed")]
    public static partial void ReplayCacheFailed(this ILogger logger, long count, Exception exception);

    [LoggerMessage(244, LogLevel.Error, "A logout that the provider asked for failed ({Count} times), and sessions may go on", EventName = "LogoutFailed")]
    public static partial void LogoutFailed(this ILogger logger, long count, Exception exception);

    [LoggerMessage(520, LogLevel.Error, "The replay cache has no room for another {Kind} of {Sender}; {Count} requests were answered 503. One sender may use a quarter of what is free: limit its rate, add replicas, or register an IJwksReplayCache with more room", EventName = "ReplayCacheFull")]
    public static partial void ReplayCacheFull(this ILogger logger, string kind, string sender, long count);
}
