using JwksAuth;
using JwksAuth.Access;
using JwksAuth.Access.Scopes;
using JwksAuth.Access.StepUp;
using JwksAuth.Schemes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds token requirements to endpoints.</summary>
public static class JwksAccessEndpointConventionBuilderExtensions
{
    /// <summary>
    /// Requires all of these scopes in <c>scope</c> or <c>scp</c>; a token without them is answered with 403 <c>insufficient_scope</c> (RFC
    /// 6750 section 3.1).
    /// </summary>
    /// <typeparam name="TBuilder">The kind of endpoint.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="scopes">The scopes, at least one.</param>
    /// <returns>The endpoint or group.</returns>
    /// <exception cref="ArgumentException">No scope is given, or one contains characters that no scope can have.</exception>
    public static TBuilder RequireTokenScope<TBuilder>(this TBuilder builder, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder => builder.Require(new ScopeRequirement(scopes, all: true));

    /// <summary>Requires at least one of these scopes; otherwise the same as <see cref="RequireTokenScope{TBuilder}"/>.</summary>
    /// <typeparam name="TBuilder">The kind of endpoint.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="scopes">The scopes, at least one.</param>
    /// <returns>The endpoint or group.</returns>
    /// <exception cref="ArgumentException">No scope is given, or one contains characters that no scope can have.</exception>
    public static TBuilder RequireAnyTokenScope<TBuilder>(this TBuilder builder, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder => builder.Require(new ScopeRequirement(scopes, all: false));

    /// <summary>Accepts only access tokens with all of these scopes; see <see cref="AllowAccessTokensAttribute"/>.</summary>
    /// <typeparam name="TBuilder">The kind of endpoint.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="scopes">The scopes, at least one.</param>
    /// <returns>The endpoint or group.</returns>
    /// <exception cref="ArgumentException">No scope is given, or one contains characters that no scope can have.</exception>
    public static TBuilder AllowAccessTokens<TBuilder>(this TBuilder builder, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder
    {
        ScopeList.Check(scopes);
        return builder.RequireSchemes().WithMetadata(new AllowAccessTokensAttribute(scopes));
    }

    /// <summary>Accepts only access tokens, with any scopes; see <see cref="AllowAccessTokensAttribute"/>.</summary>
    /// <typeparam name="TBuilder">The kind of endpoint.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <returns>The endpoint or group.</returns>
    public static TBuilder AllowAccessTokensWithoutScope<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.RequireSchemes().WithMetadata(new AllowAccessTokensAttribute { WithoutScope = true });

    /// <summary>
    /// Requires one of these authentication context classes (<c>acr</c>) of the user. Otherwise the answer is 401
    /// <c>insufficient_user_authentication</c> with <c>acr_values</c> (RFC 9470 section 3).
    /// </summary>
    /// <typeparam name="TBuilder">The kind of endpoint.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="acrValues">The authentication context classes, at least one.</param>
    /// <returns>The endpoint or group.</returns>
    /// <exception cref="ArgumentException">No value is given, or one contains characters that a challenge cannot.</exception>
    public static TBuilder RequireAcr<TBuilder>(this TBuilder builder, params string[] acrValues)
        where TBuilder : IEndpointConventionBuilder => builder.Require(AuthenticationRequirement.OfContext(acrValues));

    /// <summary>
    /// Requires that the user authenticated recently (<c>auth_time</c>). Otherwise the answer is 401
    /// <c>insufficient_user_authentication</c> with <c>max_age</c> (RFC 9470 section 3).
    /// </summary>
    /// <typeparam name="TBuilder">The kind of endpoint.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="maximumAge">The maximum age of the authentication; zero requires one at this moment.</param>
    /// <returns>The endpoint or group.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public static TBuilder RequireRecentAuthentication<TBuilder>(this TBuilder builder, TimeSpan maximumAge)
        where TBuilder : IEndpointConventionBuilder => builder.Require(AuthenticationRequirement.OfAge(maximumAge));

    private static TBuilder Require<TBuilder>(this TBuilder builder, IAuthorizationRequirement requirement)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireSchemes().RequireAuthorization(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(requirement).Build());

    // Endpoints are built when the host starts, so a missing scheme fails there and not on the first request.
    private static TBuilder RequireSchemes<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint =>
        {
            var services = endpoint.ApplicationServices.GetService<IServiceProviderIsService>();
            if (services?.IsService(typeof(ISchemes)) == false)
                throw new InvalidOperationException($"{endpoint.DisplayName} has a rule for access tokens, but {EndpointFaults.NoScheme}.");
        });
        return builder;
    }
}
