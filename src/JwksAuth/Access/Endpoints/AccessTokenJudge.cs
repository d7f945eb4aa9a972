using System.Security.Claims;
using JwksAuth.Access.Scopes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Access.Endpoints;

/// <summary>
/// Lets a request in whose own token was accepted by a scheme that the endpoint is open to. Whoever else is authenticated, by a cookie or by a
/// policy that adds other schemes, does not count, and neither do their scopes.
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
            // A scheme may hand requests on to another (ForwardDefault), such as that of sessions; what counts is which one accepted the caller.
            if (await request.AuthenticateAsync(scheme) is { Succeeded: true, Ticket: { } ticket } && ticket.AuthenticationScheme == scheme)
                return ticket.Principal;
        }

        return null;
    }
}
