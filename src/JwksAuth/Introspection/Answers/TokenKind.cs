using System.Text.Json;
using JwksAuth.Foundation.Json;

namespace JwksAuth.Introspection.Answers;

/// <summary>
/// Checks the type of a token. Servers also report refresh and ID tokens as active; these must not pass as access tokens.
/// </summary>
internal static class TokenKind
{
    // Members besides token_type (RFC 7662 section 2.2) with which common servers state the type of a token.
    private static readonly string[] KindMembers = ["typ", "token_use", "token_usage"];

    public static bool IsAccessToken(JsonElement answer) =>
        HasAccessTokenType(answer) && !KindMembers.Any(member => NamesOtherKind(answer, member));

    public static bool IsDescribed(JsonElement answer) =>
        answer.StatedOrNull("aud") is not null || answer.StatedOrNull("token_type") is not null
            || KindMembers.Any(member => answer.StatedOrNull(member) is not null);

    /// <summary>The confirmation (RFC 7800, RFC 8705 section 3.2, RFC 9449 section 6.2) as JSON; null if the token is not bound.</summary>
    public static string? Confirmation(JsonElement answer)
    {
        if (answer.StatedOrNull("cnf") is { } confirmation)
            return confirmation.GetRawText();

        // The token is bound, but the response does not state the key, so possession cannot be proved.
        return string.Equals(answer.StringOrNull("token_type"), "DPoP", StringComparison.OrdinalIgnoreCase) ? "{}" : null;
    }

    // An allowlist: a new type of token is unlikely to be meant for this API. Many servers omit the type.
    private static bool HasAccessTokenType(JsonElement answer) =>
        answer.StatedOrNull("token_type") is not { } type
        || type.TextOrNull()?.ToUpperInvariant() is "BEARER" or "DPOP" or "ACCESS_TOKEN" or "URN:IETF:PARAMS:OAUTH:TOKEN-TYPE:ACCESS_TOKEN";

    private static bool NamesOtherKind(JsonElement answer, string member) =>
        answer.StringOrNull(member)?.ToUpperInvariant() is "REFRESH" or "REFRESH_TOKEN" or "OFFLINE" or "ID" or "ID_TOKEN" or "LOGOUT";
}
