using System.Security.Claims;

namespace JwksAuth.Requests;

/// <summary>Tells which service provider a token was issued to, and keeps that in a claim that no token can set itself.</summary>
internal static class ServiceProviderClaim
{
    /// <summary>The provider that the claims name; null if they do not say. Anything but text names nobody.</summary>
    public static string? Find(IEnumerable<Claim> claims, string type, IReadOnlyList<string> audiences) =>
        Find(claims.Where(claim => claim.Type == type && claim.ValueType == ClaimValueTypes.String).Select(claim => claim.Value), audiences);

    /// <summary>
    /// The one among some names. Of several, those that name this API are not meant: an audience list may hold the provider beside it. Two strangers
    /// leave open which of them calls.
    /// </summary>
    /// <returns>The provider; null if the names do not say.</returns>
    public static string? Find(IEnumerable<string> names, IReadOnlyList<string> audiences)
    {
        var values = names.Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        if (values is [var single])
            return single;

        return values.Where(value => !audiences.Contains(value, StringComparer.Ordinal)).Take(2).ToArray() is [var only] ? only : null;
    }

    /// <summary>Sets the claim; null takes it away, whoever put it there.</summary>
    public static void Set(ClaimsIdentity identity, string? provider, string issuer)
    {
        while (identity.FindFirst(claim => IsNamed(claim.Type)) is { } foreign)
            identity.RemoveClaim(foreign);
        if (provider is not null)
            identity.AddClaim(new OwnClaim(provider, issuer, identity));
    }

    /// <summary>The claim that a scheme of this package set; those of the same name by anybody else are not meant.</summary>
    public static Claim? Read(ClaimsIdentity identity) => identity.FindFirst(claim => claim is OwnClaim);

    /// <summary>Whether an application that looks for the claim might find one of this name: most identities disregard case.</summary>
    public static bool IsNamed(string name) => name.Equals(JwksAuthDefaults.ServiceProviderClaimType, StringComparison.OrdinalIgnoreCase);

    private sealed class OwnClaim(string provider, string issuer, ClaimsIdentity? subject)
        : Claim(JwksAuthDefaults.ServiceProviderClaimType, provider, ClaimValueTypes.String, issuer, issuer, subject)
    {
        public override Claim Clone(ClaimsIdentity? identity) => new OwnClaim(Value, Issuer, identity);
    }
}
