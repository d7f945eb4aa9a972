using JwksAuth.Access.Scopes;
using Microsoft.AspNetCore.Authorization;

namespace JwksAuth.Access.Endpoints;

/// <summary>Combines the scope rules of an endpoint: all must be satisfied, a rule with alternatives by any of them.</summary>
internal static class ScopeSets
{
    public static IReadOnlyList<IReadOnlyList<string>> Of(IEnumerable<AllowAccessTokensAttribute> openings, AuthorizationPolicy policy)
    {
        IEnumerable<IEnumerable<string>> sets = [openings.SelectMany(opening => opening.Scopes)];
        foreach (var rule in policy.Requirements.OfType<ScopeRequirement>())
            sets = rule.NeedsAll
                ? sets.Select(set => set.Concat(rule.Scopes))
                : sets.SelectMany(set => rule.Scopes.Select(scope => set.Append(scope)));
        return [.. sets.Select(IReadOnlyList<string> (set) => [.. set.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)])];
    }
}
