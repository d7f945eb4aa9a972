using System.Buffers.Text;
using System.Text.Json;
using JwksAuth.Foundation.Json;
using Microsoft.IdentityModel.JsonWebTokens;

namespace JwksAuth.Logout;

/// <summary>What a logout token asks for, and the <c>jti</c> that it may do so by once.</summary>
internal sealed record LogoutRequest(JwksLogout Logout, string Identifier);

/// <summary>
/// Judges what a logout token says beyond what every token must (OpenID Connect Back-Channel Logout 1.0 section 2.6, steps 4 to 6). An ID token must never
/// pass for one, nor the other way round.
/// </summary>
internal static class LogoutReader
{
    private const string Event = "http://schemas.openid.net/event/backchannel-logout";
    private const int MaximumNameLength = 1024;

    /// <summary>Reads a verified token; null for one that is no logout token.</summary>
    public static LogoutRequest? TryRead(JsonWebToken token, out string fault)
    {
        using var document = JsonText.TryParseObject(Base64Url.DecodeFromChars(token.EncodedPayload));
        fault = "The logout token is malformed";
        if (document?.RootElement is not { } claims || IsOdd(claims, "sub") || IsOdd(claims, "sid"))
            return null;
        fault = "The logout token has a nonce, as only ID tokens do";
        if (claims.StatedOrNull("nonce") is not null)
            return null;
        fault = "The logout token does not name the event of a logout";
        if (claims.MemberOrNull("events") is not { ValueKind: JsonValueKind.Object } events || events.MemberOrNull(Event) is not { ValueKind: JsonValueKind.Object })
            return null;
        fault = "The logout token has no usable jti";
        if (claims.StringOrNull("jti") is not { Length: > 0 and <= MaximumNameLength } identifier)
            return null;

        var logout = new JwksLogout { Issuer = token.Issuer, Subject = claims.StringOrNull("sub"), SessionId = claims.StringOrNull("sid") };
        fault = "The logout token names neither a user nor a session";
        return logout is { Subject: null, SessionId: null } ? null : new LogoutRequest(logout, identifier);
    }

    // Whoever is named must be named in a way that can be compared.
    private static bool IsOdd(JsonElement claims, string name) =>
        claims.StatedOrNull(name) is { } member && member.TextOrNull() is not { Length: <= MaximumNameLength };
}
