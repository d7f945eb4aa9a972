using Microsoft.Extensions.Logging;

namespace JwksAuth.Issuer.Diagnostics;

internal static partial class Log
{
    [LoggerMessage(220, LogLevel.Error, "{Fault} (failures: {Count}; the last known keys remain in use)", EventName = "KeyStoreUnreadable")]
    public static partial void KeyStoreUnreadable(this ILogger logger, string fault, long count);

    [LoggerMessage(221, LogLevel.Information, "Key rotation: {Step}", EventName = "KeyRotated")]
    public static partial void KeyRotated(this ILogger logger, string step);

    [LoggerMessage(521, LogLevel.Warning,
        "Other users of this machine can read or change {Path} ({Mode}) and could sign as the issuer: set the mode of the key store's "
        + "folder to 0700 and of its files to 0600", EventName = "KeyStoreOpenToOthers")]
    public static partial void KeyStoreOpenToOthers(this ILogger logger, string path, UnixFileMode mode);

    [LoggerMessage(222, LogLevel.Error, "The key rotation failed; retrying in one minute", EventName = "KeyRotationFailed")]
    public static partial void KeyRotationFailed(this ILogger logger, Exception exception);

    [LoggerMessage(240, LogLevel.Error,
        "The client assertion options are misconfigured; no client can authenticate: {Fault}", EventName = "ClientAssertionsNotConfigured")]
    public static partial void ClientAssertionsNotConfigured(this ILogger logger, string fault);

    [LoggerMessage(241, LogLevel.Error,
        "Client '{ClientId}' is misconfigured and cannot authenticate: {Fault}", EventName = "ClientNotConfigured")]
    public static partial void ClientNotConfigured(this ILogger logger, string clientId, string fault);

    [LoggerMessage(242, LogLevel.Error, "The client store failed (failures: {Count})", EventName = "ClientStoreFailed")]
    public static partial void ClientStoreFailed(this ILogger logger, long count, Exception exception);
}
