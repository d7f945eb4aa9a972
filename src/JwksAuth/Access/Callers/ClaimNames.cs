using System.Security.Claims;
using Microsoft.IdentityModel.JsonWebTokens;

namespace JwksAuth.Access.Callers;

/// <summary>
/// Finds claims by their names in tokens and introspection responses. The claim type is not that name: <c>MapInboundClaims</c> and claim
/// maps of the application rename claims, several to one type. IdentityModel stores the original name in a property of each renamed claim,
/// also in copies and cookies. A claim without the property was not renamed, or the application created it; its type counts as its name.
/// </summary>
internal static class ClaimNames
{
    /// <summary>The texts of all authenticated identities with a name; values that are not text are ignored.</summary>
    public static IEnumerable<string> Texts(this ClaimsPrincipal principal, string name) =>
        principal.Identities.Where(identity => identity.IsAuthenticated).SelectMany(identity => identity.Texts(name));

    public static IEnumerable<string> Texts(this ClaimsIdentity identity, string name) =>
        identity.Named(name).Where(IsText).Select(claim => claim.Value);

    /// <summary>The only text with a name; null if there is none, or more than one.</summary>
    public static string? SingleText(this ClaimsIdentity identity, string name) =>
        identity.Texts(name).Distinct(StringComparer.Ordinal).Take(2).ToArray() is [var single] ? single : null;

    /// <summary>The claims with a name, except those that are null or empty.</summary>
    public static IEnumerable<Claim> Named(this ClaimsIdentity identity, string name) =>
        identity.Claims.Where(claim => claim.Value.Length > 0 && NameOf(claim) == name);

    private static string NameOf(Claim claim) =>
        claim.Properties.TryGetValue(JsonWebTokenHandler.ShortClaimTypeProperty, out var name) ? name : claim.Type;

    // IdentityModel gives a text that looks like a date the type DateTime.
    private static bool IsText(Claim claim) => claim.ValueType is ClaimValueTypes.String or ClaimValueTypes.DateTime;
}
