using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Access;

/// <summary>Finds rules of endpoints that do not say what they mean.</summary>
internal static class EndpointFaults
{
    public const string NoScheme = "there is no scheme of JwksAuth whose tokens could meet it: call AddJwksBearer or AddJwksIntrospection";

    /// <param name="endpoint">The endpoint.</param>
    /// <param name="schemes">The schemes of this package.</param>
    /// <returns>What is wrong; null if nothing is.</returns>
    public static string? Find(Endpoint endpoint, IReadOnlySet<string> schemes)
    {
        var name = endpoint.DisplayName ?? OpenEndpoints.Nameless;
        var openings = endpoint.Metadata.GetOrderedMetadata<AllowResourceServerAttribute>();
        if (openings.Any(opening => !opening.IsComplete))
            return $"{name} is open to access tokens without naming a scope: name one, or say so with AllowResourceServerWithoutScope() or WithoutScope = true.";
        if (openings.Any(opening => opening.Policy is not (ResourceServerPolicy.Name or ResourceServerPolicy.NameForOneScheme)))
            return $"{name} sets the Policy of its AllowResourceServer, which would decide who the caller is: put the policy into an Authorize attribute beside it.";
        if (schemes.Count == 0 && (openings.Count > 0 || endpoint.Metadata.GetOrderedMetadata<AuthorizationPolicy>().Any(IsOurs)))
            return $"{name} has a rule for access tokens, and {NoScheme}.";
        if (openings.FirstOrDefault(opening => opening.Scheme is { } scheme && !schemes.Contains(scheme)) is { } unknown)
            return $"{name} is open to tokens of the scheme '{unknown.Scheme}', which is none of JwksAuth; those are {string.Join(", ", schemes)}.";
        return openings.Count > 0 && IsUndone(endpoint.Metadata)
            ? $"{name} is opened by AllowResourceServer, and an AllowAnonymous around it lets everybody in: take that away from its group or controller."
            : null;
    }

    private static bool IsOurs(AuthorizationPolicy policy) => policy.Requirements.Any(requirement => requirement is ScopeRequirement or AuthenticationRequirement);

    // Metadata of groups and controllers comes before that of the endpoint. An AllowAnonymous behind the opening is meant for this very endpoint.
    private static bool IsUndone(EndpointMetadataCollection metadata) =>
        metadata.ToList().FindLastIndex(item => item is IAllowAnonymous) is >= 0 and var anonymous
        && anonymous < metadata.ToList().FindLastIndex(item => item is AllowResourceServerAttribute);
}
