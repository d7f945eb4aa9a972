using System.Security.Claims;
using JwksAuth.Access.Scopes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Access.Endpoints;

/// <summary>
/// Admits a request if a scheme that the endpoint accepts has validated the request's own token. Identities from a cookie or from other
/// schemes of a policy do not count, and neither do their scopes.
/// </summary>
internal sealed class AccessTokenJudge(TokenSchemes schemes)
{
    public async Task JudgeAsync(AuthorizationHandlerContext context, AccessTokenRequirement requirement)
    {
        if (context.Resource is not HttpContext request)
            return;

        var opening = requirement.Opening;
        if (!opening.IsComplete || await FindCallerAsync(request, opening) is not { } caller)
            return;

        context.Succeed(requirement);
        if (!opening.WithoutScope && !ScopeList.Allows(caller, opening.Scopes, all: true))
            return;

        request.Features.Set(new MetOpening(request.GetEndpoint()));
        context.Succeed(requirement.Scopes);
    }

    private async Task<ClaimsPrincipal?> FindCallerAsync(HttpContext request, AllowAccessTokensAttribute opening)
    {
        foreach (var scheme in schemes.OpenedBy(opening))
        {
            // A scheme may forward requests to another (ForwardDefault), such as a session scheme; check which scheme accepted the caller.
            if (await request.AuthenticateAsync(scheme) is { Succeeded: true, Ticket: { } ticket } && ticket.AuthenticationScheme == scheme)
                return ticket.Principal;
        }

        return null;
    }
}
