using JwksAuth;
using JwksAuth.Access;
using JwksAuth.Access.Scopes;
using JwksAuth.Access.StepUp;
using JwksAuth.Requests;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Says which callers an endpoint is for.</summary>
public static class JwksAccessEndpointConventionBuilderExtensions
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
    public static TBuilder RequireTokenScope<TBuilder>(this TBuilder builder, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder => builder.Require(new ScopeRequirement(scopes, all: true));

    /// <summary>Asks for at least one of these scopes; otherwise as <see cref="RequireTokenScope{TBuilder}"/>.</summary>
    /// <typeparam name="TBuilder">The kind of endpoint.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="scopes">The scopes, at least one.</param>
    /// <returns>The endpoint or group.</returns>
    /// <exception cref="ArgumentException">There is no scope, or one that no token can have.</exception>
    public static TBuilder RequireAnyTokenScope<TBuilder>(this TBuilder builder, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder => builder.Require(new ScopeRequirement(scopes, all: false));

    /// <summary>Opens the endpoint to access tokens with all of these scopes, and to nothing else: see <see cref="AllowAccessTokensAttribute"/>.</summary>
    /// <typeparam name="TBuilder">The kind of endpoint.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="scopes">The scopes, at least one.</param>
    /// <returns>The endpoint or group.</returns>
    /// <exception cref="ArgumentException">There is no scope, or one that no token can have.</exception>
    public static TBuilder AllowAccessTokens<TBuilder>(this TBuilder builder, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder
    {
        ScopeList.Check(scopes);
        return builder.RequireSchemes().WithMetadata(new AllowAccessTokensAttribute(scopes));
    }

    /// <summary>Opens the endpoint to every access token, whatever its scopes, and to nothing else: see <see cref="AllowAccessTokensAttribute"/>.</summary>
    /// <typeparam name="TBuilder">The kind of endpoint.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <returns>The endpoint or group.</returns>
    public static TBuilder AllowAccessTokensWithoutScope<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.RequireSchemes().WithMetadata(new AllowAccessTokensAttribute { WithoutScope = true });

    /// <summary>
    /// Asks that the user authenticated in one of these ways (<c>acr</c>). Otherwise the answer is 401 <c>insufficient_user_authentication</c> with
    /// <c>acr_values</c> (RFC 9470 section 3).
    /// </summary>
    /// <typeparam name="TBuilder">The kind of endpoint.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="acrValues">The authentication context classes, at least one.</param>
    /// <returns>The endpoint or group.</returns>
    /// <exception cref="ArgumentException">There is no value, or one that a challenge cannot carry.</exception>
    public static TBuilder RequireAcr<TBuilder>(this TBuilder builder, params string[] acrValues)
        where TBuilder : IEndpointConventionBuilder => builder.Require(AuthenticationRequirement.OfContext(acrValues));

    /// <summary>
    /// Asks that the user authenticated not long ago (<c>auth_time</c>). Otherwise the answer is 401 <c>insufficient_user_authentication</c> with
    /// <c>max_age</c> (RFC 9470 section 3).
    /// </summary>
    /// <typeparam name="TBuilder">The kind of endpoint.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="maximumAge">How long ago at most; zero asks for an authentication at this very moment.</param>
    /// <returns>The endpoint or group.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public static TBuilder RequireRecentAuthentication<TBuilder>(this TBuilder builder, TimeSpan maximumAge)
        where TBuilder : IEndpointConventionBuilder => builder.Require(AuthenticationRequirement.OfAge(maximumAge));

    private static TBuilder Require<TBuilder>(this TBuilder builder, IAuthorizationRequirement requirement)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireSchemes().RequireAuthorization(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(requirement).Build());

    // Endpoints are built when the host starts: without any scheme it fails there, and not with the first request.
    private static TBuilder RequireSchemes<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint =>
        {
            var services = endpoint.ApplicationServices.GetService<IServiceProviderIsService>();
            if (services?.IsService(typeof(ISchemes)) == false)
                throw new InvalidOperationException($"{endpoint.DisplayName} has a rule for access tokens, and {EndpointFaults.NoScheme}.");
        });
        return builder;
    }
}
