using System.Security.Claims;
using Microsoft.IdentityModel.JsonWebTokens;

namespace JwksAuth.Access.Callers;

/// <summary>
/// Finds claims by the names that tokens and introspection answers give them. Claim types do not tell: <c>MapInboundClaims</c> and claim maps of the
/// application rename claims, several to one type. IdentityModel keeps the original name in a property of each claim that it renames, also in copies and
/// cookies. A claim without the property was not renamed, or the application made it: it counts under its type.
/// </summary>
internal static class ClaimNames
{
    /// <summary>The texts that authenticated identities have under a name; anything that is not text is ignored.</summary>
    public static IEnumerable<string> Texts(this ClaimsPrincipal principal, string name) =>
        principal.Identities.Where(identity => identity.IsAuthenticated).SelectMany(identity => identity.Texts(name));

    public static IEnumerable<string> Texts(this ClaimsIdentity identity, string name) => identity.All(name).Where(IsText).Select(claim => claim.Value);

    /// <summary>The one text under a name; null without one and with several.</summary>
    public static string? SingleText(this ClaimsIdentity identity, string name) =>
        identity.Texts(name).Distinct(StringComparer.Ordinal).Take(2).ToArray() is [var single] ? single : null;

    /// <summary>The claims of a name that state something: null and the empty text state nothing.</summary>
    public static IEnumerable<Claim> All(this ClaimsIdentity identity, string name) =>
        identity.Claims.Where(claim => claim.Value.Length > 0 && NameOf(claim) == name);

    private static string NameOf(Claim claim) =>
        claim.Properties.TryGetValue(JsonWebTokenHandler.ShortClaimTypeProperty, out var name) ? name : claim.Type;

    // To IdentityModel, a text that looks like a date is one.
    private static bool IsText(Claim claim) => claim.ValueType is ClaimValueTypes.String or ClaimValueTypes.DateTime;
}
