using Microsoft.Extensions.Logging;

namespace JwksAuth.Diagnostics;

internal static partial class Log
{
    [LoggerMessage(30, LogLevel.Error,
        "The key ring is misconfigured; the published JWKS answers 503 and encrypted tokens cannot be decrypted: {Fault}",
        EventName = "KeyRingNotConfigured")]
    public static partial void KeyRingNotConfigured(this ILogger logger, string fault);

    [LoggerMessage(31, LogLevel.Error,
        "The key ring could not be reloaded and keeps its previous keys: {Fault}", EventName = "KeyRingReloadFailed")]
    public static partial void KeyRingReloadFailed(this ILogger logger, string fault);

    [LoggerMessage(32, LogLevel.Information,
        "The key ring has {Count} keys: {Added} added, {Withdrawn} withdrawn", EventName = "KeyRingChanged")]
    public static partial void KeyRingChanged(this ILogger logger, int count, int added, int withdrawn);

    [LoggerMessage(33, LogLevel.Warning,
        "Other users of this machine can read the private key in {Path} ({Mode}): set its mode to 0600", EventName = "KeyFileReadable")]
    public static partial void KeyFileReadable(this ILogger logger, string path, UnixFileMode mode);

    [LoggerMessage(34, LogLevel.Error,
        "The decryptor failed; encrypted tokens that could not be judged: {Count}", EventName = "DecryptorFailed")]
    public static partial void DecryptorFailed(this ILogger logger, long count, Exception exception);
}
