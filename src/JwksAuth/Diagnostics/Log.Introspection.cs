using Microsoft.Extensions.Logging;

namespace JwksAuth.Diagnostics;

internal static partial class Log
{
    [LoggerMessage(40, LogLevel.Warning, "The authorization server of scheme {Scheme} gives no answer ({Count} times): {Error}", EventName = "IntrospectionUnreachable")]
    public static partial void IntrospectionUnreachable(this ILogger logger, string scheme, long count, string error);

    [LoggerMessage(421, LogLevel.Information, "The authorization server of scheme {Scheme} answers again, after {Failures} failures", EventName = "IntrospectionRecovered")]
    public static partial void IntrospectionRecovered(this ILogger logger, string scheme, long failures);

    [LoggerMessage(41, LogLevel.Error, "The authorization server of scheme {Scheme} refuses this API's own credentials ({Count} times, {Error}): the callers are not at fault. Check ClientId, ClientAuthentication and its secret or key", EventName = "IntrospectionCredentialsRefused")]
    public static partial void IntrospectionCredentialsRefused(this ILogger logger, string scheme, long count, string error);

    [LoggerMessage(42, LogLevel.Error, "The authorization server of scheme {Scheme} refuses the introspection request of this API ({Count} times, {Error}): the callers are not at fault. Check IntrospectionEndpoint and ResponseFormat: a client that is registered for signed or encrypted answers must ask for Jwt", EventName = "IntrospectionRequestRefused")]
    public static partial void IntrospectionRequestRefused(this ILogger logger, string scheme, long count, string error);

    [LoggerMessage(43, LogLevel.Error, "An answer to scheme {Scheme} is not trusted ({Count} times): {Error}", EventName = "IntrospectionAnswerUntrusted")]
    public static partial void IntrospectionAnswerUntrusted(this ILogger logger, string scheme, long count, string error);

    [LoggerMessage(44, LogLevel.Warning, "The authorization server of scheme {Scheme} does not introspect tokens of the kind that callers send ({Count} times). If they are JWTs, add AddJwksBearer and AddJwksTokenSelector", EventName = "IntrospectionTokenTypeUnsupported")]
    public static partial void IntrospectionTokenTypeUnsupported(this ILogger logger, string scheme, long count);

    [LoggerMessage(45, LogLevel.Warning, "The authorization server of scheme {Scheme} has called each of the first {Count} tokens inactive. Some servers answer so when they refuse this API's credentials, or when the tokens are for another API: check ClientId, ClientAuthentication and what this client may introspect", EventName = "IntrospectionNeverActive")]
    public static partial void IntrospectionNeverActive(this ILogger logger, string scheme, int count);

    [LoggerMessage(540, LogLevel.Warning, "An answer to scheme {Scheme} is odd ({Count} times): {Error}. The member is ignored, or taken as text", EventName = "IntrospectionAnswerOdd")]
    public static partial void IntrospectionAnswerOdd(this ILogger logger, string scheme, long count, string error);

    [LoggerMessage(541, LogLevel.Error, "The authorization server of scheme {Scheme} refuses introspection requests and does not say why ({Count} times, {Error}). Either it refuses this API's credentials: check ClientId, ClientAuthentication and its secret or key. Or it answers this way for tokens that it does not know: let it answer 200 with active false (RFC 7662 section 2.2)", EventName = "IntrospectionRefusedWithoutReason")]
    public static partial void IntrospectionRefusedWithoutReason(this ILogger logger, string scheme, long count, string error);
}
