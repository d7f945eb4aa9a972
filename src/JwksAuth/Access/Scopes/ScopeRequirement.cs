using Microsoft.AspNetCore.Authorization;

namespace JwksAuth.Access.Scopes;

/// <summary>Requires scopes. The requirement is its own handler, so a missing registration cannot disable it.</summary>
internal sealed class ScopeRequirement : AuthorizationHandler<ScopeRequirement>, IAuthorizationRequirement
{
    private readonly string[] _scopes;
    private readonly bool _all;

    public ScopeRequirement(string[] scopes, bool all)
    {
        ScopeList.Check(scopes);
        _scopes = [.. scopes];
        _all = all;
    }

    public IReadOnlyList<string> Scopes => _scopes;

    public bool NeedsAll => _all;

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        if (ScopeList.Allows(context.User, requirement._scopes, requirement._all))
            context.Succeed(requirement);
        return Task.CompletedTask;
    }

    public override string ToString() => $"Scope: {(_all ? "all" : "any")} of {string.Join(' ', _scopes)}";
}
