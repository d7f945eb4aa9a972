using JwksAuth.Access.Endpoints;
using JwksAuth.Access.StepUp;
using Microsoft.AspNetCore.Authorization;

namespace JwksAuth.Access;

/// <summary>
/// Hands the requirements of this room to their judges. One handler for all of them: each that derives from the framework's own base class
/// would allocate an iterator for every request, those of endpoints without any such requirement included.
/// </summary>
internal sealed class AccessHandler(AccessTokenJudge endpoints, AuthenticationJudge authentications) : IAuthorizationHandler
{
    public async Task HandleAsync(AuthorizationHandlerContext context)
    {
        // The framework's is a list, which is gone through without an enumerator on the heap.
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
