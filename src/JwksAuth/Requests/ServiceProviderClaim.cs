using System.Security.Claims;

namespace JwksAuth.Requests;

/// <summary>Finds the service provider that a token was issued to, and stores it in a claim that no token can set.</summary>
internal static class ServiceProviderClaim
{
    /// <summary>The provider that the claims name; null if they name none. Values that are not text are ignored.</summary>
    public static string? Find(IEnumerable<Claim> claims, string type, IReadOnlyList<string> audiences) =>
        Find(
            claims.Where(claim => claim.Type == type && claim.ValueType == ClaimValueTypes.String).Select(claim => claim.Value),
            audiences);

    /// <summary>
    /// Chooses the provider among several names. Names of this API are skipped, because an audience list may contain the provider beside
    /// the API. If two other names remain, the choice is ambiguous.
    /// </summary>
    /// <returns>The provider; null if there is none, or more than one.</returns>
    public static string? Find(IEnumerable<string> names, IReadOnlyList<string> audiences)
    {
        var values = names.Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        if (values is [var single])
            return single;

        return values.Where(value => !audiences.Contains(value, StringComparer.Ordinal)).Take(2).ToArray() is [var only] ? only : null;
    }

    /// <summary>Sets the claim; null removes it, regardless of its origin.</summary>
    public static void Set(ClaimsIdentity identity, string? provider, string issuer)
    {
        while (identity.FindFirst(claim => IsNamed(claim.Type)) is { } foreign)
            identity.RemoveClaim(foreign);
        if (provider is not null)
            identity.AddClaim(new OwnClaim(provider, issuer, identity));
    }

    /// <summary>The claim that a scheme of this package set; claims of the same name from elsewhere are ignored.</summary>
    public static Claim? Read(ClaimsIdentity identity) => identity.FindFirst(claim => claim is OwnClaim);

    /// <summary>Whether a lookup of the claim would match this name: most identities ignore case.</summary>
    public static bool IsNamed(string name) => name.Equals(JwksAuthDefaults.ServiceProviderClaimType, StringComparison.OrdinalIgnoreCase);

    private sealed class OwnClaim(string provider, string issuer, ClaimsIdentity? subject)
        : Claim(JwksAuthDefaults.ServiceProviderClaimType, provider, ClaimValueTypes.String, issuer, issuer, subject)
    {
        public override Claim Clone(ClaimsIdentity? identity) => new OwnClaim(Value, Issuer, identity);
    }
}
