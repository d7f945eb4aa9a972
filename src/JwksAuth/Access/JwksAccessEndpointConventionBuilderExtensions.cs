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
    /// <summary>Requires all of these scopes in <c>scope</c> or <c>scp</c>; else 403 <c>insufficient_scope</c> (RFC 6750).</summary>
    /// <param name="scopes">The scopes, at least one.</param>
    /// <exception cref="ArgumentException">No scope is given, or one contains characters that no scope can have.</exception>
    public static TBuilder RequireTokenScope<TBuilder>(this TBuilder builder, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder => builder.Require(new ScopeRequirement(scopes, all: true));

    /// <inheritdoc cref="JwksAccessAuthorizationPolicyBuilderExtensions.RequireAnyTokenScope" />
    public static TBuilder RequireAnyTokenScope<TBuilder>(this TBuilder builder, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder => builder.Require(new ScopeRequirement(scopes, all: false));

    /// <summary>Accepts only access tokens with all of these scopes; see <see cref="AllowAccessTokensAttribute"/>.</summary>
    /// <param name="scopes">The scopes, at least one.</param>
    /// <exception cref="ArgumentException">No scope is given, or one contains characters that no scope can have.</exception>
    public static TBuilder AllowAccessTokens<TBuilder>(this TBuilder builder, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder
    {
        ScopeList.Check(scopes);
        return builder.RequireSchemes().WithMetadata(new AllowAccessTokensAttribute(scopes));
    }

    /// <summary>Accepts only access tokens, with any scopes; see <see cref="AllowAccessTokensAttribute"/>.</summary>
    public static TBuilder AllowAccessTokensWithoutScope<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
            builder.RequireSchemes().WithMetadata(new AllowAccessTokensAttribute { WithoutScope = true });

    /// <inheritdoc cref="JwksAccessAuthorizationPolicyBuilderExtensions.RequireAcr" />
    public static TBuilder RequireAcr<TBuilder>(this TBuilder builder, params string[] acrValues)
        where TBuilder : IEndpointConventionBuilder => builder.Require(AuthenticationRequirement.OfContext(acrValues));

    /// <inheritdoc cref="JwksAccessAuthorizationPolicyBuilderExtensions.RequireRecentAuthentication" />
    public static TBuilder RequireRecentAuthentication<TBuilder>(this TBuilder builder, TimeSpan maximumAge)
        where TBuilder : IEndpointConventionBuilder => builder.Require(AuthenticationRequirement.OfAge(maximumAge));

    private static TBuilder Require<TBuilder>(this TBuilder builder, IAuthorizationRequirement requirement)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireSchemes()
            .RequireAuthorization(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(requirement).Build());

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
