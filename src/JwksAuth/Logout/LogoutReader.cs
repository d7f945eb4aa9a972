using System.Buffers.Text;
using System.Text.Json;
using JwksAuth.Foundation.Json;
using Microsoft.IdentityModel.JsonWebTokens;

namespace JwksAuth.Logout;

/// <summary>A logout, and the <c>jti</c> of its token, which is valid once.</summary>
internal sealed record LogoutRequest(JwksLogout Logout, string Identifier);

/// <summary>
/// Validates the claims that are specific to logout tokens (OpenID Connect Back-Channel Logout 1.0 section 2.6, steps 4 to 6). An ID token
/// must never pass as a logout token, or the reverse.
/// </summary>
internal static class LogoutReader
{
    private const string Event = "http://schemas.openid.net/event/backchannel-logout";
    private const int MaximumNameLength = 1024;

    /// <summary>Reads a verified token; null if it is not a logout token.</summary>
    public static LogoutRequest? TryRead(JsonWebToken token, out string fault)
    {
        using var document = JsonText.TryParseObject(Base64Url.DecodeFromChars(token.EncodedPayload));
        fault = "The logout token is malformed";
        if (document?.RootElement is not { } claims || IsOdd(claims, "sub") || IsOdd(claims, "sid"))
            return null;
        fault = "The logout token has a nonce, which only ID tokens may have";
        if (claims.StatedOrNull("nonce") is not null)
            return null;
        fault = "The logout token does not contain the logout event";
        if (claims.MemberOrNull("events") is not { ValueKind: JsonValueKind.Object } events
            || events.MemberOrNull(Event) is not { ValueKind: JsonValueKind.Object })
            return null;
        fault = "The logout token has no usable jti";
        if (claims.StringOrNull("jti") is not { Length: > 0 and <= MaximumNameLength } identifier)
            return null;

        var logout = new JwksLogout { Issuer = token.Issuer, Subject = claims.StringOrNull("sub"), SessionId = claims.StringOrNull("sid") };
        fault = "The logout token names neither a user nor a session";
        return logout is { Subject: null, SessionId: null } ? null : new LogoutRequest(logout, identifier);
    }

    // A subject or session must be a text of limited length, so that it can be compared.
    private static bool IsOdd(JsonElement claims, string name) =>
        claims.StatedOrNull(name) is { } member && member.TextOrNull() is not { Length: <= MaximumNameLength };
}
