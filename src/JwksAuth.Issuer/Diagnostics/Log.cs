using Microsoft.Extensions.Logging;

namespace JwksAuth.Issuer.Diagnostics;

internal static partial class Log
{
    [LoggerMessage(220, LogLevel.Error, "{Fault} (met {Count} times; the keys known last stay in force)", EventName = "KeyStoreUnreadable")]
    public static partial void KeyStoreUnreadable(this ILogger logger, string fault, long count);

    [LoggerMessage(221, LogLevel.Information, "Key rotation: {Step}", EventName = "KeyRotated")]
    public static partial void KeyRotated(this ILogger logger, string step);

    [LoggerMessage(521, LogLevel.Warning, "Other users of this machine can read or change {Path} ({Mode}), and so sign as the issuer: give the folder of the key store mode 0700 and its files mode 0600", EventName = "KeyStoreOpenToOthers")]
    public static partial void KeyStoreOpenToOthers(this ILogger logger, string path, UnixFileMode mode);

    [LoggerMessage(222, LogLevel.Error, "The key rotation failed and is tried again in a minute", EventName = "KeyRotationFailed")]
    public static partial void KeyRotationFailed(this ILogger logger, Exception exception);

    [LoggerMessage(240, LogLevel.Error, "Client assertions are not configured, and no client is authenticated: {Fault}", EventName = "ClientAssertionsNotConfigured")]
    public static partial void ClientAssertionsNotConfigured(this ILogger logger, string fault);

    [LoggerMessage(241, LogLevel.Error, "The client {ClientId} is wrongly configured, and is not authenticated: {Fault}", EventName = "ClientNotConfigured")]
    public static partial void ClientNotConfigured(this ILogger logger, string clientId, string fault);

    [LoggerMessage(242, LogLevel.Error, "The store of clients failed ({Count} times)", EventName = "ClientStoreFailed")]
    public static partial void ClientStoreFailed(this ILogger logger, long count, Exception exception);
}
