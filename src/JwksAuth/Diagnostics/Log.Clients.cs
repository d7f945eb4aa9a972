using Microsoft.Extensions.Logging;

namespace JwksAuth.Diagnostics;

internal static partial class Log
{
    [LoggerMessage(240, LogLevel.Error, "Client assertions are not configured, and no client is authenticated: {Fault}", EventName = "ClientAssertionsNotConfigured")]
    public static partial void ClientAssertionsNotConfigured(this ILogger logger, string fault);

    [LoggerMessage(241, LogLevel.Error, "The client {ClientId} is wrongly configured, and is not authenticated: {Fault}", EventName = "ClientNotConfigured")]
    public static partial void ClientNotConfigured(this ILogger logger, string clientId, string fault);

    [LoggerMessage(242, LogLevel.Error, "The store of clients failed ({Count} times)", EventName = "ClientStoreFailed")]
    public static partial void ClientStoreFailed(this ILogger logger, long count, Exception exception);

    [LoggerMessage(243, LogLevel.Error, "The replay cache failed ({Count} times): what may be used once was refused", EventName = "ReplayCacheFailed")]
    public static partial void ReplayCacheFailed(this ILogger logger, long count, Exception exception);

    [LoggerMessage(244, LogLevel.Error, "A logout that the provider asked for failed ({Count} times), and sessions may go on", EventName = "LogoutFailed")]
    public static partial void LogoutFailed(this ILogger logger, long count, Exception exception);

    [LoggerMessage(520, LogLevel.Error, "The replay cache has no room for another {Kind} of {Sender}; {Count} requests were answered 503. One sender may use a quarter of what is free: limit its rate, add replicas, or register an IJwksReplayCache with more room", EventName = "ReplayCacheFull")]
    public static partial void ReplayCacheFull(this ILogger logger, string kind, string sender, long count);
}
