using JwksAuth.Access.Endpoints;
using JwksAuth.Access.Metadata;
using JwksAuth.Access.Scopes;
using JwksAuth.Access.StepUp;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace JwksAuth.Access;

/// <summary>Finds endpoint rules that have no effect or contradict each other.</summary>
internal sealed class EndpointFaults(IAuthorizationPolicyProvider policies, ProtectedResources resources)
{
    public const string NoScheme =
        "no scheme of JwksAuth was added whose tokens could satisfy it: call AddJwksBearer or AddJwksIntrospection";

    public async Task<string?> FindAsync(Endpoint endpoint, IReadOnlySet<string> schemes)
    {
        var name = endpoint.DisplayName ?? OpenEndpoints.Nameless;
        var openings = endpoint.Metadata.GetOrderedMetadata<AllowAccessTokensAttribute>();
        if (openings.Any(opening => !opening.IsComplete))
            return $"{name} accepts access tokens but names no scope: name one, or use AllowAccessTokensWithoutScope() or WithoutScope = "
                + "true.";
        if (openings.Any(opening => opening.Policy is not (AccessTokenPolicy.Name or AccessTokenPolicy.NameForOneScheme)))
            return $"{name} sets the Policy of its AllowAccessTokens, which replaces the check of the token: move the policy to a "
                + "separate Authorize attribute.";
        if (schemes.Count == 0 && (openings.Count > 0 || endpoint.Metadata.GetOrderedMetadata<AuthorizationPolicy>().Any(IsOurs)))
            return $"{name} has a rule for access tokens, but {NoScheme}.";
        if (openings.FirstOrDefault(opening => opening.Scheme is { } scheme && !schemes.Contains(scheme)) is { } unknown)
            return $"{name} accepts tokens of the scheme '{unknown.Scheme}', which is not a scheme of JwksAuth: use one of "
                + $"{string.Join(", ", schemes)}.";
        return await IsUndoneAsync(endpoint.Metadata)
            ? $"{name} has a rule for access tokens, but an outer AllowAnonymous admits every caller: remove it from the group or "
                + "controller."
            : null;
    }

    /// <summary>Finds a protected resource whose metadata is not served by any endpoint; null if there is none.</summary>
    public string? FindUnserved(IReadOnlyList<Endpoint> endpoints)
    {
        var routes = endpoints.OfType<RouteEndpoint>().Select(endpoint => endpoint.RoutePattern.RawText)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return resources.All.FirstOrDefault(resource => !routes.Contains(resource.MetadataRoute)) is { } unserved
            ? $"Challenges name metadata at {unserved.MetadataRoute}, but no endpoint serves it: map the route group that "
                + "MapProtectedResourceMetadata was called on."
            : null;
    }

    private static bool IsOurs(AuthorizationPolicy policy) =>
        policy.Requirements.Any(requirement => requirement is ScopeRequirement or AuthenticationRequirement);

    // Metadata of groups and controllers precedes that of the endpoint. An AllowAnonymous after the rule is intended for this endpoint.
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

    // The framework reports a missing policy itself.
    private async Task<AuthorizationPolicy?> PolicyOfAsync(object item) => item switch
    {
        AuthorizationPolicy policy => policy,
        IAuthorizeData { Policy: { Length: > 0 } named } => await policies.GetPolicyAsync(named),
        IAuthorizeData => await policies.GetDefaultPolicyAsync(),
        _ => null,
    };
}
