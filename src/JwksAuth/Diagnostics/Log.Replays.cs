using Microsoft.Extensions.Logging;

namespace JwksAuth.Diagnostics;

internal static partial class Log
{
    [LoggerMessage(243, LogLevel.Error,
        "The replay cache failed (failures: {Count}); the proofs, assertions or logout tokens were rejected",
        EventName = "ReplayCacheFailed")]
    public static partial void ReplayCacheFailed(this ILogger logger, long count, Exception exception);

    [LoggerMessage(244, LogLevel.Error,
        "A logout requested by the provider failed (failures: {Count}); sessions may continue", EventName = "LogoutFailed")]
    public static partial void LogoutFailed(this ILogger logger, long count, Exception exception);

    [LoggerMessage(520, LogLevel.Error,
        "The replay cache has no room for another {Kind} of {Sender} (requests answered 503: {Count}). One sender may use a quarter of "
        + "the free space: limit its rate, add replicas, or register an IJwksReplayCache with more room", EventName = "ReplayCacheFull")]
    public static partial void ReplayCacheFull(this ILogger logger, string kind, string sender, long count);
}
