using JwksAuth.Access.Scopes;
using JwksAuth.Access.StepUp;
using Microsoft.AspNetCore.Authorization;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds token requirements to an authorization policy.</summary>
public static class JwksAccessAuthorizationPolicyBuilderExtensions
{
    /// <summary>Requires all of these scopes in <c>scope</c> or <c>scp</c> (RFC 8693 section 4.2), space-separated or a list.</summary>
    /// <param name="scopes">The scopes, at least one.</param>
    /// <exception cref="ArgumentException">No scope is given, or one contains characters that no scope can have.</exception>
    public static AuthorizationPolicyBuilder RequireTokenScope(this AuthorizationPolicyBuilder builder, params string[] scopes) =>
        builder.Require(new ScopeRequirement(scopes, all: true));

    /// <summary>Requires at least one of these scopes.</summary>
    /// <param name="scopes">The scopes, at least one.</param>
    /// <exception cref="ArgumentException">No scope is given, or one contains characters that no scope can have.</exception>
    public static AuthorizationPolicyBuilder RequireAnyTokenScope(this AuthorizationPolicyBuilder builder, params string[] scopes) =>
        builder.Require(new ScopeRequirement(scopes, all: false));

    /// <summary>
    /// Requires one of these authentication context classes (<c>acr</c>) of the user. Otherwise the answer is 401
    /// <c>insufficient_user_authentication</c> with <c>acr_values</c> (RFC 9470 section 3).
    /// </summary>
    /// <param name="acrValues">The authentication context classes, at least one.</param>
    /// <exception cref="ArgumentException">No value is given, or one contains characters that a challenge cannot.</exception>
    public static AuthorizationPolicyBuilder RequireAcr(this AuthorizationPolicyBuilder builder, params string[] acrValues) =>
        builder.Require(AuthenticationRequirement.OfContext(acrValues));

    /// <summary>
    /// Requires that the user authenticated recently (<c>auth_time</c>). Otherwise the answer is 401
    /// <c>insufficient_user_authentication</c> with <c>max_age</c> (RFC 9470 section 3).
    /// </summary>
    /// <param name="maximumAge">The maximum age of the authentication; zero requires one at this moment.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public static AuthorizationPolicyBuilder RequireRecentAuthentication(this AuthorizationPolicyBuilder builder, TimeSpan maximumAge) =>
        builder.Require(AuthenticationRequirement.OfAge(maximumAge));

    private static AuthorizationPolicyBuilder Require(this AuthorizationPolicyBuilder builder, IAuthorizationRequirement requirement)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.RequireAuthenticatedUser().AddRequirements(requirement);
    }
}
