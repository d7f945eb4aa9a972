using System.Text.Json;
using JwksAuth.Foundation.Json;

namespace JwksAuth.Introspection.Answers;

/// <summary>What an answer says of the kind of the token. Servers report refresh and ID tokens as active, too: they must not pass as access tokens.</summary>
internal static class TokenKind
{
    // Members beside token_type (RFC 7662 section 2.2) in which widespread servers tell what the token is.
    private static readonly string[] KindMembers = ["typ", "token_use", "token_usage"];

    /// <summary>Whether nothing says that it is something else.</summary>
    public static bool IsAccessToken(JsonElement answer) => HasAccessTokenType(answer) && !KindMembers.Any(member => NamesOtherKind(answer, member));

    /// <summary>Whether anything says for whom, or of what kind, the token is.</summary>
    public static bool IsDescribed(JsonElement answer) =>
        answer.StatedOrNull("aud") is not null || answer.StatedOrNull("token_type") is not null || KindMembers.Any(member => answer.StatedOrNull(member) is not null);

    /// <summary>What it must be proved to be bound to (RFC 7800, RFC 8705 section 3.2, RFC 9449 section 6.2), as JSON text; null if it is not bound.</summary>
    public static string? Confirmation(JsonElement answer)
    {
        if (answer.StatedOrNull("cnf") is { } confirmation)
            return confirmation.GetRawText();

        // Bound, and the answer does not say to what: nothing can prove that.
        return string.Equals(answer.StringOrNull("token_type"), "DPoP", StringComparison.OrdinalIgnoreCase) ? "{}" : null;
    }

    // An allow-list: whoever invents a new type of token will not have meant it for this API. Many servers leave the type out.
    private static bool HasAccessTokenType(JsonElement answer) =>
        answer.StatedOrNull("token_type") is not { } type
        || type.TextOrNull()?.ToUpperInvariant() is "BEARER" or "DPOP" or "ACCESS_TOKEN" or "URN:IETF:PARAMS:OAUTH:TOKEN-TYPE:ACCESS_TOKEN";

    private static bool NamesOtherKind(JsonElement answer, string member) =>
        answer.StringOrNull(member)?.ToUpperInvariant() is "REFRESH" or "REFRESH_TOKEN" or "OFFLINE" or "ID" or "ID_TOKEN" or "LOGOUT";
}
