using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Access;

/// <summary>Finds the scopes that an endpoint asks for, however it says so.</summary>
internal sealed class EndpointScopes(IAuthorizationPolicyProvider policies)
{
    public async Task<IReadOnlyList<string>> OfAsync(EndpointMetadataCollection metadata)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var opening in metadata.GetOrderedMetadata<AllowResourceServerAttribute>())
            found.UnionWith(opening.Scopes);
        foreach (var policy in metadata.GetOrderedMetadata<AuthorizationPolicy>())
            Collect(policy, found);
        foreach (var name in metadata.GetOrderedMetadata<IAuthorizeData>().Select(data => data.Policy).OfType<string>().Distinct(StringComparer.Ordinal))
            Collect(await policies.GetPolicyAsync(name), found);
        return [.. found];
    }

    private static void Collect(AuthorizationPolicy? policy, SortedSet<string> found)
    {
        foreach (var requirement in policy?.Requirements.OfType<ScopeRequirement>() ?? [])
            found.UnionWith(requirement.Scopes);
    }
}
