using Microsoft.Extensions.Logging;

namespace JwksAuth.Diagnostics;

/// <summary>Every message of the package. The level says who must act: an operator on warnings and errors, nobody below.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Fetching the keys of {Source} failed ({ErrorType}); failures in a row: {Failures}. The keys known before stay in force. {Error}", EventName = "FetchFailed")]
    public static partial void FetchFailed(this ILogger logger, string source, string errorType, long failures, string error);

    [LoggerMessage(2, LogLevel.Information, "{Source} has {Count} keys: {Added} added, {Removed} removed", EventName = "KeysChanged")]
    public static partial void KeysChanged(this ILogger logger, string source, int count, int added, int removed);

    [LoggerMessage(3, LogLevel.Warning, "{Source} publishes {Count} keys that are not used ({Reasons}); the first has the kid {KeyId}", EventName = "KeysSkipped")]
    public static partial void KeysSkipped(this ILogger logger, string source, int count, string reasons, string keyId);

    [LoggerMessage(4, LogLevel.Warning, "{Count} tokens were refused for keys that {Source} does not publish; the last kid was {KeyId}", EventName = "UnknownKeys")]
    public static partial void UnknownKeys(this ILogger logger, string source, long count, string keyId);

    [LoggerMessage(5, LogLevel.Error, "Scheme {Scheme} is not configured and answers 503: {Fault}", EventName = "SchemeNotConfigured")]
    public static partial void SchemeNotConfigured(this ILogger logger, string scheme, string fault);

    [LoggerMessage(6, LogLevel.Error, "The issuer resolver of scheme {Scheme} returned an issuer that cannot be used ({Count} tokens): {Fault}", EventName = "ResolvedIssuerUnusable")]
    public static partial void ResolvedIssuerUnusable(this ILogger logger, string scheme, long count, string fault);

    [LoggerMessage(7, LogLevel.Error, "The issuer resolver of scheme {Scheme} failed ({Count} tokens)", EventName = "IssuerResolverFailed")]
    public static partial void IssuerResolverFailed(this ILogger logger, string scheme, long count, Exception exception);

    [LoggerMessage(8, LogLevel.Error, "{Source} has no usable keys, because fetching them failed ({ErrorType}); failures in a row: {Failures}. {Error} Requests with its tokens are answered with {Answer}", EventName = "NoKeys")]
    public static partial void NoKeys(this ILogger logger, string source, string errorType, long failures, string error, string answer);

    [LoggerMessage(9, LogLevel.Information, "{Source} answers again, after {Failures} failed fetches", EventName = "FetchRecovered")]
    public static partial void FetchRecovered(this ILogger logger, string source, long failures);

    [LoggerMessage(420, LogLevel.Warning, "Issuers or clients that are known only at run time cannot be asked for their keys ({Count} new outages); the last is {Source} ({ErrorType}): {Error}", EventName = "ResolvedIssuersFail")]
    public static partial void ResolvedIssuersFail(this ILogger logger, long count, string source, string errorType, string error);

    [LoggerMessage(10, LogLevel.Information, "{Operator} asked for a refresh of {Issuer}: {Changed} changed, {Failed} failed, of {Count} sources", EventName = "RefreshRequested")]
    public static partial void RefreshRequested(this ILogger logger, string @operator, string issuer, int changed, int failed, int count);

    [LoggerMessage(440, LogLevel.Error, "Scheme {Scheme} answered 503 to {Count} tokens whose issuer it cannot confirm: {Fault}", EventName = "MetadataRefused")]
    public static partial void MetadataRefused(this ILogger logger, string scheme, long count, string fault);

    [LoggerMessage(12, LogLevel.Error, "{Count} signatures could not be judged because the signature verifier failed", EventName = "SignatureVerifierFailed")]
    public static partial void SignatureVerifierFailed(this ILogger logger, long count, Exception exception);

    [LoggerMessage(11, LogLevel.Warning, "The status at {Path} was refused: it has no authorization policy, and so answers only callers on this machine ({Count} requests)", EventName = "StatusRefused")]
    public static partial void StatusRefused(this ILogger logger, string path, long count);
}
