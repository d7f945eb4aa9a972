using System.Security.Claims;
using Microsoft.IdentityModel.JsonWebTokens;

namespace JwksAuth.Access;

/// <summary>Finds claims by the names that tokens have for them, also where <c>MapInboundClaims</c> renamed them.</summary>
internal static class ClaimNames
{
    /// <summary>The texts that authenticated identities have under a name; what is not text says nothing.</summary>
    public static IEnumerable<string> Texts(this ClaimsPrincipal principal, string name) =>
        principal.Identities.Where(identity => identity.IsAuthenticated).SelectMany(identity => identity.Texts(name));

    public static IEnumerable<string> Texts(this ClaimsIdentity identity, string name) => identity.All(name).Where(claim => claim.ValueType == ClaimValueTypes.String).Select(claim => claim.Value);

    /// <summary>The one text under a name; null without one and with several.</summary>
    public static string? SingleText(this ClaimsIdentity identity, string name) =>
        identity.Texts(name).Distinct(StringComparer.Ordinal).Take(2).ToArray() is [{ Length: > 0 } single] ? single : null;

    public static IEnumerable<Claim> All(this ClaimsIdentity identity, string name)
    {
        JsonWebTokenHandler.DefaultInboundClaimTypeMap.TryGetValue(name, out var mapped);
        return identity.Claims.Where(claim => claim.Type == name || claim.Type == mapped);
    }
}
