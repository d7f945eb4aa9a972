using JwksAuth.Access.Endpoints;
using JwksAuth.Access.Metadata;
using JwksAuth.Access.Scopes;
using JwksAuth.Access.StepUp;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace JwksAuth.Access;

/// <summary>Finds rules of endpoints that do not say what they mean.</summary>
internal sealed class EndpointFaults(IAuthorizationPolicyProvider policies, ProtectedResources resources)
{
    public const string NoScheme = "there is no scheme of JwksAuth whose tokens could meet it: call AddJwksBearer or AddJwksIntrospection";

    /// <param name="endpoint">The endpoint.</param>
    /// <param name="schemes">The schemes of this package.</param>
    /// <returns>What is wrong; null if nothing is.</returns>
    public async Task<string?> FindAsync(Endpoint endpoint, IReadOnlySet<string> schemes)
    {
        var name = endpoint.DisplayName ?? OpenEndpoints.Nameless;
        var openings = endpoint.Metadata.GetOrderedMetadata<AllowAccessTokensAttribute>();
        if (openings.Any(opening => !opening.IsComplete))
            return $"{name} is open to access tokens without naming a scope: name one, or say so with AllowAccessTokensWithoutScope() or WithoutScope = true.";
        if (openings.Any(opening => opening.Policy is not (AccessTokenPolicy.Name or AccessTokenPolicy.NameForOneScheme)))
            return $"{name} sets the Policy of its AllowAccessTokens, which would decide who the caller is: put the policy into an Authorize attribute beside it.";
        if (schemes.Count == 0 && (openings.Count > 0 || endpoint.Metadata.GetOrderedMetadata<AuthorizationPolicy>().Any(IsOurs)))
            return $"{name} has a rule for access tokens, and {NoScheme}.";
        if (openings.FirstOrDefault(opening => opening.Scheme is { } scheme && !schemes.Contains(scheme)) is { } unknown)
            return $"{name} is open to tokens of the scheme '{unknown.Scheme}', which is none of JwksAuth; those are {string.Join(", ", schemes)}.";
        return await IsUndoneAsync(endpoint.Metadata)
            ? $"{name} has a rule for access tokens, and an AllowAnonymous around it lets everybody in: take that away from its group or controller."
            : null;
    }

    /// <summary>Finds a protected resource whose metadata no endpoint serves; null if there is none.</summary>
    public string? FindUnserved(IReadOnlyList<Endpoint> endpoints)
    {
        var routes = endpoints.OfType<RouteEndpoint>().Select(endpoint => endpoint.RoutePattern.RawText).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return resources.All.FirstOrDefault(resource => !routes.Contains(resource.MetadataRoute)) is { } unserved
            ? $"Challenges name metadata at {unserved.MetadataRoute}, and no endpoint serves it: let the application map what MapProtectedResourceMetadata was called on."
            : null;
    }

    private static bool IsOurs(AuthorizationPolicy policy) => policy.Requirements.Any(requirement => requirement is ScopeRequirement or AuthenticationRequirement);

    // Metadata of groups and controllers comes before that of the endpoint. An AllowAnonymous behind the rule is meant for this very endpoint.
    private async Task<bool> IsUndoneAsync(EndpointMetadataCollection metadata)
    {
        var anonymous = metadata.ToList().FindLastIndex(item => item is IAllowAnonymous);
        if (anonymous < 0)
            return false;
        foreach (var item in metadata.Skip(anonymous + 1))
        {
            if (item is AllowAccessTokensAttribute || (await PolicyOfAsync(item) is { } policy && IsOurs(policy)))
                return true;
        }

        return false;
    }

    // A policy that is not there has a message of its own, from the framework.
    private async Task<AuthorizationPolicy?> PolicyOfAsync(object item) => item switch
    {
        AuthorizationPolicy policy => policy,
        IAuthorizeData { Policy: { Length: > 0 } named } => await policies.GetPolicyAsync(named),
        IAuthorizeData => await policies.GetDefaultPolicyAsync(),
        _ => null,
    };
}
