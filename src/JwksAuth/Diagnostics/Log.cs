using Microsoft.Extensions.Logging;

namespace JwksAuth.Diagnostics;

/// <summary>All log messages of the package. Warnings and errors need an operator; lower levels do not.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning,
        "Fetching the keys of {Source} failed ({ErrorType}); consecutive failures: {Failures}. The previous keys remain in use. {Error}",
        EventName = "FetchFailed")]
    public static partial void FetchFailed(this ILogger logger, string source, string errorType, long failures, string error);

    [LoggerMessage(2, LogLevel.Information, "{Source} has {Count} keys: {Added} added, {Removed} removed", EventName = "KeysChanged")]
    public static partial void KeysChanged(this ILogger logger, string source, int count, int added, int removed);

    [LoggerMessage(3, LogLevel.Warning,
        "{Source} publishes {Count} keys that cannot be used ({Reasons}); the first has the kid {KeyId}", EventName = "KeysSkipped")]
    public static partial void KeysSkipped(this ILogger logger, string source, int count, string reasons, string keyId);

    [LoggerMessage(4, LogLevel.Warning,
        "Tokens were rejected because {Source} does not publish their keys (count: {Count}); the last kid was {KeyId}",
        EventName = "UnknownKeys")]
    public static partial void UnknownKeys(this ILogger logger, string source, long count, string keyId);

    [LoggerMessage(5, LogLevel.Error,
        "Scheme '{Scheme}' is misconfigured; every request is answered with 503: {Fault}", EventName = "SchemeNotConfigured")]
    public static partial void SchemeNotConfigured(this ILogger logger, string scheme, string fault);

    [LoggerMessage(6, LogLevel.Error,
        "The issuer resolver of scheme '{Scheme}' returned an issuer that cannot be used (tokens: {Count}): {Fault}",
        EventName = "ResolvedIssuerUnusable")]
    public static partial void ResolvedIssuerUnusable(this ILogger logger, string scheme, long count, string fault);

    [LoggerMessage(7, LogLevel.Error,
        "The issuer resolver of scheme '{Scheme}' failed (tokens: {Count})", EventName = "IssuerResolverFailed")]
    public static partial void IssuerResolverFailed(this ILogger logger, string scheme, long count, Exception exception);

    [LoggerMessage(8, LogLevel.Error,
        "{Source} has no usable keys because fetching them failed ({ErrorType}); consecutive failures: {Failures}. {Error} Requests "
        + "with its tokens are answered with {Answer}", EventName = "NoKeys")]
    public static partial void NoKeys(this ILogger logger, string source, string errorType, long failures, string error, string answer);

    [LoggerMessage(9, LogLevel.Information, "{Source} answers again, after {Failures} failed fetches", EventName = "FetchRecovered")]
    public static partial void FetchRecovered(this ILogger logger, string source, long failures);

    [LoggerMessage(420, LogLevel.Warning,
        "Fetching the keys of issuers or clients found at run time failed (new outages: {Count}); the last is {Source} ({ErrorType}): "
        + "{Error}", EventName = "ResolvedIssuersFail")]
    public static partial void ResolvedIssuersFail(this ILogger logger, long count, string source, string errorType, string error);

    [LoggerMessage(10, LogLevel.Information,
        "{Operator} refreshed {Issuer}: {Changed} changed, {Failed} failed, {Count} in total", EventName = "RefreshRequested")]
    public static partial void RefreshRequested(this ILogger logger, string @operator, string issuer, int changed, int failed, int count);

    [LoggerMessage(440, LogLevel.Error,
        "Scheme '{Scheme}' cannot confirm the issuer of tokens (answered with 503: {Count}): {Fault}", EventName = "MetadataRefused")]
    public static partial void MetadataRefused(this ILogger logger, string scheme, long count, string fault);

    [LoggerMessage(12, LogLevel.Error,
        "The signature verifier failed; signatures that could not be judged: {Count}", EventName = "SignatureVerifierFailed")]
    public static partial void SignatureVerifierFailed(this ILogger logger, long count, Exception exception);

    [LoggerMessage(11, LogLevel.Warning,
        "The status page at {Path} has no authorization policy and only answers callers on this machine; requests denied: {Count}",
        EventName = "StatusRefused")]
    public static partial void StatusRefused(this ILogger logger, string path, long count);

    [LoggerMessage(480, LogLevel.Information,
        "Scheme '{Scheme}' rejected tokens ({Reason}; count: {Count}). The last one: {Detail}", EventName = "TokensRefused")]
    public static partial void TokensRefused(this ILogger logger, string scheme, long count, string reason, string detail);

    [LoggerMessage(400, LogLevel.Warning,
        "MaximumResolvedIssuers is reached: the keys of {Count} issuers found at run time were evicted. Raise the limit (now {Limit}) "
        + "if you have more tenants; otherwise someone is sending tokens with many issuer names", EventName = "ResolvedIssuersDropped")]
    public static partial void ResolvedIssuersDropped(this ILogger logger, long count, int limit);

    [LoggerMessage(401, LogLevel.Warning,
        "MaximumClients is reached: the keys of {Count} clients with a JwksUri were evicted. Raise the limit (now {Limit}) if you have "
        + "more clients; otherwise someone is sending assertions with many client names", EventName = "ClientsDropped")]
    public static partial void ClientsDropped(this ILogger logger, long count, int limit);
}
