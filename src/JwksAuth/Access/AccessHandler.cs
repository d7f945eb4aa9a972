using JwksAuth.Access.Endpoints;
using JwksAuth.Access.StepUp;
using Microsoft.AspNetCore.Authorization;

namespace JwksAuth.Access;

/// <summary>
/// Passes the requirements of this folder to their judges. One handler serves all of them: every handler that derives from the framework's
/// base class allocates an iterator for each request, even if the endpoint has no such requirement.
/// </summary>
internal sealed class AccessHandler(AccessTokenJudge endpoints, AuthenticationJudge authentications) : IAuthorizationHandler
{
    public async Task HandleAsync(AuthorizationHandlerContext context)
    {
        // The framework passes a list, which needs no enumerator on the heap.
        var requirements = context.Requirements as IReadOnlyList<IAuthorizationRequirement> ?? [.. context.Requirements];
        for (var index = 0; index < requirements.Count; index++)
        {
            var requirement = requirements[index];
            if (requirement is AccessTokenRequirement opening)
                await endpoints.JudgeAsync(context, opening);
            else if (requirement is AuthenticationRequirement authentication)
                authentications.Judge(context, authentication);
        }
    }
}
