using JwksAuth.Access.Scopes;
using JwksAuth.Access.StepUp;
using Microsoft.AspNetCore.Authorization;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Says in a policy which callers are let in.</summary>
public static class JwksAccessAuthorizationPolicyBuilderExtensions
{
    /// <summary>Asks for all of these scopes, from <c>scope</c> or <c>scp</c> (RFC 8693 section 4.2), each one text with spaces or a list.</summary>
    /// <param name="builder">The policy.</param>
    /// <param name="scopes">The scopes, at least one.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="ArgumentException">There is no scope, or one that no token can have.</exception>
    public static AuthorizationPolicyBuilder RequireTokenScope(this AuthorizationPolicyBuilder builder, params string[] scopes) =>
        builder.Require(new ScopeRequirement(scopes, all: true));

    /// <summary>Asks for at least one of these scopes.</summary>
    /// <param name="builder">The policy.</param>
    /// <param name="scopes">The scopes, at least one.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="ArgumentException">There is no scope, or one that no token can have.</exception>
    public static AuthorizationPolicyBuilder RequireAnyTokenScope(this AuthorizationPolicyBuilder builder, params string[] scopes) =>
        builder.Require(new ScopeRequirement(scopes, all: false));

    /// <summary>
    /// Asks that the user authenticated in one of these ways (<c>acr</c>). Otherwise the answer is 401 <c>insufficient_user_authentication</c> with
    /// <c>acr_values</c> (RFC 9470 section 3).
    /// </summary>
    /// <param name="builder">The policy.</param>
    /// <param name="acrValues">The authentication context classes, at least one.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="ArgumentException">There is no value, or one that a challenge cannot carry.</exception>
    public static AuthorizationPolicyBuilder RequireAcr(this AuthorizationPolicyBuilder builder, params string[] acrValues) =>
        builder.Require(AuthenticationRequirement.OfContext(acrValues));

    /// <summary>
    /// Asks that the user authenticated not long ago (<c>auth_time</c>). Otherwise the answer is 401 <c>insufficient_user_authentication</c> with
    /// <c>max_age</c> (RFC 9470 section 3).
    /// </summary>
    /// <param name="builder">The policy.</param>
    /// <param name="maximumAge">How long ago at most; zero asks for an authentication at this very moment.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public static AuthorizationPolicyBuilder RequireRecentAuthentication(this AuthorizationPolicyBuilder builder, TimeSpan maximumAge) =>
        builder.Require(AuthenticationRequirement.OfAge(maximumAge));

    private static AuthorizationPolicyBuilder Require(this AuthorizationPolicyBuilder builder, IAuthorizationRequirement requirement)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.RequireAuthenticatedUser().AddRequirements(requirement);
    }
}
