using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Operations.Status;

/// <summary>Admits callers on this machine regardless of the endpoint's policy.</summary>
internal sealed class LocalCallers : IAuthorizationRequirementData, IAuthorizationRequirement, IAuthorizationHandler
{
    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [this];

    public Task HandleAsync(AuthorizationHandlerContext context)
    {
        context.Succeed(this);
        if (context.Resource is HttpContext request && StatusAccess.IsLocal(request))
        {
            foreach (var requirement in context.PendingRequirements.ToList())
                context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}
