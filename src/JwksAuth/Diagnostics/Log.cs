using Microsoft.Extensions.Logging;

namespace JwksAuth.Diagnostics;

/// <summary>Every message of the package. The level says who must act: an operator on warnings and errors, nobody below.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Fetching the keys of {Source} failed ({Outcome}): {Error}", EventName = "FetchFailed")]
    public static partial void FetchFailed(this ILogger logger, string source, string outcome, string error);

    [LoggerMessage(2, LogLevel.Information, "{Source} has {Count} keys: {Added} added, {Removed} removed", EventName = "KeysChanged")]
    public static partial void KeysChanged(this ILogger logger, string source, int count, int added, int removed);

    [LoggerMessage(3, LogLevel.Warning, "{Source} publishes a key that is not used ({Reason}), kid {KeyId}", EventName = "KeySkipped")]
    public static partial void KeySkipped(this ILogger logger, string source, string keyId, string reason);

    [LoggerMessage(4, LogLevel.Warning, "{Count} tokens named keys that {Source} does not publish; the last kid was {KeyId}", EventName = "UnknownKeys")]
    public static partial void UnknownKeys(this ILogger logger, string source, long count, string keyId);

    [LoggerMessage(5, LogLevel.Error, "Scheme {Scheme} is not configured and answers 503: {Fault}", EventName = "SchemeNotConfigured")]
    public static partial void SchemeNotConfigured(this ILogger logger, string scheme, string fault);

    [LoggerMessage(6, LogLevel.Error, "The issuer resolver of scheme {Scheme} returned an issuer that cannot be used: {Fault}", EventName = "ResolvedIssuerUnusable")]
    public static partial void ResolvedIssuerUnusable(this ILogger logger, string scheme, string fault);

    [LoggerMessage(7, LogLevel.Error, "The issuer resolver of scheme {Scheme} failed", EventName = "IssuerResolverFailed")]
    public static partial void IssuerResolverFailed(this ILogger logger, string scheme, Exception exception);
}
