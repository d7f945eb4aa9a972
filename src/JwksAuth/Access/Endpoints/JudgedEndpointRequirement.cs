using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Filters;

namespace JwksAuth.Access.Endpoints;

/// <summary>
/// Asks that the policy of an opening is evaluated for a request to the endpoint that it opens. What the attribute asks beyond the policy is asked of requests to endpoints only. Whoever
/// evaluates the policy for anything else, as SignalR does for the methods of a hub, would leave that out. An <c>AuthorizeFilter</c> of MVC, such as one for all controllers, evaluates it once more for a
/// request that was judged before.
/// </summary>
internal sealed class JudgedEndpointRequirement : AuthorizationHandler<JudgedEndpointRequirement>, IAuthorizationRequirement
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, JudgedEndpointRequirement requirement)
    {
        if (context.Resource is HttpContext || (context.Resource is AuthorizationFilterContext filter && MetOpening.IsOn(filter.HttpContext)))
            context.Succeed(requirement);
        return Task.CompletedTask;
    }

    public override string ToString() => "A request to an endpoint that is open to access tokens";
}
