using System.Net;
using System.Text.Json;
using JwksAuth.Foundation.Json;

namespace JwksAuth.Introspection.Server;

/// <summary>Whose fault it is that a question got no answer.</summary>
internal enum RefusalReason
{
    /// <summary>The answer does not say.</summary>
    Unstated,

    /// <summary>The server does not know the token, or calls it inactive.</summary>
    Token,

    /// <summary>The server does not introspect tokens of this kind.</summary>
    TokenType,

    /// <summary>The server refuses the API's own credentials.</summary>
    Credentials,

    /// <summary>The server asks for fewer questions.</summary>
    Busy,

    /// <summary>The server is down.</summary>
    Outage,
}

/// <summary>
/// An answer with another status than 200. RFC 7662 section 2.3 has a server answer 200 for every token, and 401 only for the API's own credentials, but
/// some answer 401, 403 or 404 for tokens that they do not know: where the body says whose fault it is, that counts.
/// </summary>
/// <param name="Reason">Whose fault it is.</param>
/// <param name="Error">The error code of the body (RFC 6749 section 5.2), as the server wrote it; null if there is none.</param>
internal sealed record Refusal(RefusalReason Reason, string? Error)
{
    public static Refusal Of(HttpStatusCode? status, byte[] body)
    {
        using var json = JsonText.TryParseObject(body);
        if (json?.RootElement.MemberOrNull("active")?.ValueKind == JsonValueKind.False)
            return new(RefusalReason.Token, null);

        var error = json?.RootElement.StringOrNull("error");
        return new(ReasonOf(error) ?? ReasonOf(status, body), error);
    }

    // RFC 6749 section 5.2, RFC 6750 section 3.1, RFC 7009 section 2.2.1. Servers have codes of their own for tokens, such as token_inactive and token_expired.
    private static RefusalReason? ReasonOf(string? error) => error switch
    {
        "invalid_client" or "unauthorized_client" => RefusalReason.Credentials,
        "unsupported_token_type" => RefusalReason.TokenType,
        "invalid_grant" or "access_denied" => RefusalReason.Token,
        not null when error.Contains("token", StringComparison.Ordinal) => RefusalReason.Token,
        _ => null,
    };

    private static RefusalReason ReasonOf(HttpStatusCode? status, byte[] body) => status switch
    {
        // Some servers say nothing at all about a token that they do not know.
        HttpStatusCode.BadRequest when body.Length == 0 => RefusalReason.Token,
        HttpStatusCode.TooManyRequests => RefusalReason.Busy,

        // A gateway answers 502 and 504 for a server that breaks off or hangs over one odd token, too.
        HttpStatusCode.ServiceUnavailable => RefusalReason.Outage,
        _ => RefusalReason.Unstated,
    };
}
