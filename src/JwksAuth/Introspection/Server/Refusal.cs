using System.Net;
using System.Text.Json;
using JwksAuth.Foundation.Json;

namespace JwksAuth.Introspection.Server;

internal enum RefusalReason
{
    Unstated,
    Token,
    TokenType,
    Credentials,
    Busy,
    Outage,
}

/// <summary>
/// A response with a status other than 200. RFC 7662 section 2.3 allows 200 for every token, and 401 only for the API's own credentials,
/// but some servers answer 401, 403 or 404 for unknown tokens. An error code in the body takes precedence.
/// </summary>
/// <param name="Error">The error code in the body (RFC 6749 section 5.2), unescaped; null if there is none.</param>
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

    // RFC 6749 section 5.2, RFC 6750 section 3.1, RFC 7009 section 2.2.1. Some servers use their own codes, such as token_inactive.
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
        // Some servers send an empty body for an unknown token.
        HttpStatusCode.BadRequest when body.Length == 0 => RefusalReason.Token,
        HttpStatusCode.TooManyRequests => RefusalReason.Busy,

        // Gateways also answer 502 and 504 if the server aborts or hangs because of one malformed token.
        HttpStatusCode.ServiceUnavailable => RefusalReason.Outage,
        _ => RefusalReason.Unstated,
    };
}
