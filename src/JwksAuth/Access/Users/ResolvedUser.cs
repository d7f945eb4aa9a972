using System.Security.Claims;

namespace JwksAuth.Access.Users;

/// <summary>Stores the application's user in the identity of its token, and in every clone of that identity.</summary>
internal static class ResolvedUser
{
    private const string ClaimType = "urn:jwksauth:user";

    public static void Attach(ClaimsIdentity identity, object user) => identity.AddClaim(new UserClaim(user, identity));

    public static IEnumerable<object> Of(ClaimsPrincipal principal) =>
        principal.Identities.Where(identity => identity.IsAuthenticated).SelectMany(identity => identity.Claims.OfType<UserClaim>())
            .Select(claim => claim.User);

    private sealed class UserClaim(object user, ClaimsIdentity? subject)
        : Claim(ClaimType, "resolved", ClaimValueTypes.String, ClaimsIdentity.DefaultIssuer, ClaimsIdentity.DefaultIssuer, subject)
    {
        public object User => user;

        public override Claim Clone(ClaimsIdentity? identity) => new UserClaim(user, identity);
    }
}
