using System.Security.Claims;
using JwksAuth;
using JwksAuth.Access.Users;

namespace Microsoft.AspNetCore.Http;

/// <summary>What the schemes of JwksAuth know of a principal.</summary>
public static class JwksClaimsPrincipalExtensions
{
    /// <summary>The application's user, as its <see cref="IJwksUserResolver"/> found it for a token that is in the principal.</summary>
    /// <typeparam name="TUser">What the resolver gave.</typeparam>
    /// <param name="principal">The principal.</param>
    /// <returns>The user; null if the principal has none, or one of another type.</returns>
    public static TUser? GetJwksUser<TUser>(this ClaimsPrincipal principal)
        where TUser : class
    {
        ArgumentNullException.ThrowIfNull(principal);
        return ResolvedUser.Of(principal).OfType<TUser>().FirstOrDefault();
    }
}
