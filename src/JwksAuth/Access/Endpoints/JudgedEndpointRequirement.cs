using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Filters;

namespace JwksAuth.Access.Endpoints;

/// <summary>
/// Requires that the policy of <see cref="AllowAccessTokensAttribute"/> is evaluated for a request to its endpoint. Only there are the
/// attribute's scopes checked, not when code evaluates the policy for something else, as SignalR does for hub methods. An
/// <c>AuthorizeFilter</c> of MVC evaluates the policy again for a request that was judged before.
/// </summary>
internal sealed class JudgedEndpointRequirement : AuthorizationHandler<JudgedEndpointRequirement>, IAuthorizationRequirement
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, JudgedEndpointRequirement requirement)
    {
        if (context.Resource is HttpContext
            || (context.Resource is AuthorizationFilterContext filter && MetOpening.IsOn(filter.HttpContext)))
            context.Succeed(requirement);
        return Task.CompletedTask;
    }

    public override string ToString() => "A request to an endpoint that is open to access tokens";
}
