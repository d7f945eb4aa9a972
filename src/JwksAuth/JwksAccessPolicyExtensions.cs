using JwksAuth.Access;
using Microsoft.AspNetCore.Authorization;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Says in a policy which callers are let in.</summary>
public static class JwksAccessPolicyExtensions
{
    /// <summary>Asks for all of these scopes, from <c>scope</c> or <c>scp</c> (RFC 8693 section 4.2), each one text with spaces or a list.</summary>
    /// <param name="builder">The policy.</param>
    /// <param name="scopes">The scopes, at least one.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="ArgumentException">There is no scope, or one that no token can have.</exception>
    public static AuthorizationPolicyBuilder RequireScope(this AuthorizationPolicyBuilder builder, params string[] scopes) =>
        builder.Require(new ScopeRequirement(scopes, all: true));

    /// <summary>Asks for at least one of these scopes.</summary>
    /// <param name="builder">The policy.</param>
    /// <param name="scopes">The scopes, at least one.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="ArgumentException">There is no scope, or one that no token can have.</exception>
    public static AuthorizationPolicyBuilder RequireAnyScope(this AuthorizationPolicyBuilder builder, params string[] scopes) =>
        builder.Require(new ScopeRequirement(scopes, all: false));

    private static AuthorizationPolicyBuilder Require(this AuthorizationPolicyBuilder builder, IAuthorizationRequirement requirement)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.RequireAuthenticatedUser().AddRequirements(requirement);
    }
}
