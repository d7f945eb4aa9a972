using Microsoft.Extensions.Logging;

namespace JwksAuth.Diagnostics;

internal static partial class Log
{
    [LoggerMessage(40, LogLevel.Warning,
        "The authorization server of scheme '{Scheme}' does not answer (failures: {Count}): {Error}",
        EventName = "IntrospectionUnreachable")]
    public static partial void IntrospectionUnreachable(this ILogger logger, string scheme, long count, string error);

    [LoggerMessage(421, LogLevel.Information,
        "The authorization server of scheme '{Scheme}' answers again, after {Failures} failures", EventName = "IntrospectionRecovered")]
    public static partial void IntrospectionRecovered(this ILogger logger, string scheme, long failures);

    [LoggerMessage(41, LogLevel.Error,
        "The authorization server of scheme '{Scheme}' rejects this API's own credentials (failures: {Count}, {Error}); the callers are "
        + "not at fault. Check ClientId, ClientAuthentication and its secret or key", EventName = "IntrospectionCredentialsRefused")]
    public static partial void IntrospectionCredentialsRefused(this ILogger logger, string scheme, long count, string error);

    [LoggerMessage(42, LogLevel.Error,
        "The authorization server of scheme '{Scheme}' rejects this API's introspection request (failures: {Count}, {Error}); the "
        + "callers are not at fault. Check IntrospectionEndpoint and ResponseFormat: a client registered for signed or encrypted "
        + "responses needs Jwt", EventName = "IntrospectionRequestRefused")]
    public static partial void IntrospectionRequestRefused(this ILogger logger, string scheme, long count, string error);

    [LoggerMessage(43, LogLevel.Error,
        "Scheme '{Scheme}' does not trust an introspection response (failures: {Count}): {Error}",
        EventName = "IntrospectionAnswerUntrusted")]
    public static partial void IntrospectionAnswerUntrusted(this ILogger logger, string scheme, long count, string error);

    [LoggerMessage(44, LogLevel.Warning,
        "The authorization server of scheme '{Scheme}' does not introspect the type of token that callers send (failures: {Count}). If "
        + "the tokens are JWTs, add AddJwksBearer and AddJwksTokenSelector", EventName = "IntrospectionTokenTypeUnsupported")]
    public static partial void IntrospectionTokenTypeUnsupported(this ILogger logger, string scheme, long count);

    [LoggerMessage(45, LogLevel.Warning,
        "The authorization server of scheme '{Scheme}' has reported all of the first {Count} tokens as inactive. Some servers do so "
        + "when they reject this API's credentials, or when the tokens are for another API: check ClientId, ClientAuthentication and what "
        + "this client may introspect", EventName = "IntrospectionNeverActive")]
    public static partial void IntrospectionNeverActive(this ILogger logger, string scheme, int count);

    [LoggerMessage(540, LogLevel.Warning,
        "An introspection response to scheme '{Scheme}' has a malformed member (count: {Count}): {Error}. The member is ignored, or "
        + "read as text", EventName = "IntrospectionAnswerOdd")]
    public static partial void IntrospectionAnswerOdd(this ILogger logger, string scheme, long count, string error);

    [LoggerMessage(541, LogLevel.Error,
        "The authorization server of scheme '{Scheme}' rejects introspection requests without a reason (failures: {Count}, {Error}). If "
        + "it rejects this API's credentials, check ClientId, ClientAuthentication and its secret or key. If it answers this way for "
        + "unknown tokens, configure it to answer 200 with active false (RFC 7662 section 2.2)",
        EventName = "IntrospectionRefusedWithoutReason")]
    public static partial void IntrospectionRefusedWithoutReason(this ILogger logger, string scheme, long count, string error);
}
