using JwksAuth;
using JwksAuth.Requests;

namespace Microsoft.AspNetCore.Http;

/// <summary>Reads what the schemes of JwksAuth store in a request.</summary>
public static class JwksHttpContextExtensions
{
    /// <summary>
    /// The service provider that the request's token was issued to, for data that is filtered by provider. Schemes with
    /// <c>ServiceProviderClaim</c> store it in the claim <see cref="JwksAuthDefaults.ServiceProviderClaimType"/>, which neither a token nor
    /// another scheme can set.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <returns>The provider; null if no such scheme authenticated the caller.</returns>
    public static JwksServiceProvider? GetJwksServiceProvider(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);

        var claim = context.User.Identities.Where(identity => identity.IsAuthenticated)
            .Select(ServiceProviderClaim.Read).FirstOrDefault(found => found is not null);
        return claim is null ? null : new JwksServiceProvider(claim.Value, claim.Issuer);
    }

    /// <summary>
    /// The application's user that its <see cref="IJwksUserResolver"/> found for a token in <see cref="HttpContext.User"/>. Code that runs
    /// before that property is set, such as an event or a claims transformation, calls
    /// <see cref="JwksClaimsPrincipalExtensions.GetJwksUser"/>.
    /// </summary>
    /// <typeparam name="TUser">The type that the resolver returns.</typeparam>
    /// <param name="context">The request.</param>
    /// <returns>The user; null if no token was accepted for the endpoint, or its user is of another type.</returns>
    public static TUser? GetJwksUser<TUser>(this HttpContext context)
        where TUser : class
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.User.GetJwksUser<TUser>();
    }
}
