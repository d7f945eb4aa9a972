using JwksAuth;
using JwksAuth.Requests;

namespace Microsoft.AspNetCore.Http;

/// <summary>What the schemes of JwksAuth know of a request.</summary>
public static class JwksHttpContextExtensions
{
    /// <summary>
    /// The service provider whose token came with the request, for data that is filtered by provider. It is there for schemes with
    /// <c>ServiceProviderClaim</c>, and the same as the claim <see cref="JwksAuthDefaults.ServiceProviderClaimType"/> that the scheme set; neither a token nor another scheme sets it.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <returns>The provider; null if nobody is authenticated by such a scheme.</returns>
    public static JwksServiceProvider? GetJwksServiceProvider(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);

        var claim = context.User.Identities.Where(identity => identity.IsAuthenticated)
            .Select(ServiceProviderClaim.Read).FirstOrDefault(found => found is not null);
        return claim is null ? null : new JwksServiceProvider(claim.Value, claim.Issuer);
    }

    /// <summary>
    /// The application's user, as its <see cref="IJwksUserResolver"/> found it for a token in <see cref="HttpContext.User"/>. Code that runs before that is set, such as
    /// an event or a claims transformation, asks its principal: <see cref="JwksClaimsPrincipalExtensions.GetJwksUser"/>.
    /// </summary>
    /// <typeparam name="TUser">What the resolver gave.</typeparam>
    /// <param name="context">The request.</param>
    /// <returns>The user; null if no token was accepted for the endpoint, or its user is of another type.</returns>
    public static TUser? GetJwksUser<TUser>(this HttpContext context)
        where TUser : class
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.User.GetJwksUser<TUser>();
    }
}
