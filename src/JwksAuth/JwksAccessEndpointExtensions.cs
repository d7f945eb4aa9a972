using JwksAuth;
using JwksAuth.Access;
using Microsoft.AspNetCore.Authorization;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Says which callers an endpoint is for.</summary>
public static class JwksAccessEndpointExtensions
{
    /// <summary>
    /// Asks for all of these scopes, from <c>scope</c> or <c>scp</c>; a token without them is answered with 403 <c>insufficient_scope</c>
    /// (RFC 6750 section 3.1).
    /// </summary>
    /// <typeparam name="TBuilder">The kind of endpoint.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="scopes">The scopes, at least one.</param>
    /// <returns>The endpoint or group.</returns>
    /// <exception cref="ArgumentException">There is no scope, or one that no token can have.</exception>
    public static TBuilder RequireScope<TBuilder>(this TBuilder builder, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder => builder.Require(new ScopeRequirement(scopes, all: true));

    /// <summary>Asks for at least one of these scopes; otherwise as <see cref="RequireScope{TBuilder}"/>.</summary>
    /// <typeparam name="TBuilder">The kind of endpoint.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="scopes">The scopes, at least one.</param>
    /// <returns>The endpoint or group.</returns>
    /// <exception cref="ArgumentException">There is no scope, or one that no token can have.</exception>
    public static TBuilder RequireAnyScope<TBuilder>(this TBuilder builder, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder => builder.Require(new ScopeRequirement(scopes, all: false));

    /// <summary>Opens the endpoint to access tokens with all of these scopes, and to nothing else: see <see cref="AllowResourceServerAttribute"/>.</summary>
    /// <typeparam name="TBuilder">The kind of endpoint.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="scopes">The scopes, at least one.</param>
    /// <returns>The endpoint or group.</returns>
    /// <exception cref="ArgumentException">There is no scope, or one that no token can have.</exception>
    public static TBuilder AllowResourceServer<TBuilder>(this TBuilder builder, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder
    {
        ScopeList.Check(scopes);
        return builder.WithMetadata(new AllowResourceServerAttribute(scopes));
    }

    /// <summary>Opens the endpoint to every access token, whatever its scopes, and to nothing else: see <see cref="AllowResourceServerAttribute"/>.</summary>
    /// <typeparam name="TBuilder">The kind of endpoint.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <returns>The endpoint or group.</returns>
    public static TBuilder AllowResourceServerWithoutScope<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new AllowResourceServerAttribute { WithoutScope = true });

    private static TBuilder Require<TBuilder>(this TBuilder builder, IAuthorizationRequirement requirement)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(requirement).Build());
}
