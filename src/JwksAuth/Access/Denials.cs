using JwksAuth.Schemes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Access;

internal static class Denials
{
    /// <summary>
    /// Says what the caller lacks, for the challenge. Authorization that is not asked for a request has no challenge, and is denied all the same.
    /// </summary>
    public static void Deny(this AuthorizationHandlerContext context, Action<AccessDenial> describe)
    {
        if (context.Resource is not HttpContext request)
            return;

        var denial = request.Features.Get<AccessDenial>();
        if (denial is null)
            request.Features.Set(denial = new AccessDenial());
        describe(denial);
    }
}
