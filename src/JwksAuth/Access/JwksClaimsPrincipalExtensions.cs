using System.Security.Claims;
using JwksAuth;
using JwksAuth.Access.Users;

namespace Microsoft.AspNetCore.Http;

/// <summary>Reads what the schemes of JwksAuth store in a principal.</summary>
public static class JwksClaimsPrincipalExtensions
{
    /// <summary>The application's user that its <see cref="IJwksUserResolver"/> found for a token of the principal.</summary>
    /// <typeparam name="TUser">The type that the resolver returns.</typeparam>
    /// <returns>The user; null if the principal has none, or one of another type.</returns>
    public static TUser? GetJwksUser<TUser>(this ClaimsPrincipal principal)
        where TUser : class
    {
        ArgumentNullException.ThrowIfNull(principal);
        return ResolvedUser.Of(principal).OfType<TUser>().FirstOrDefault();
    }
}
