using JwksAuth.Access.Binding;
using JwksAuth.Access.Users;
using JwksAuth.Requests;
using JwksAuth.Responses;
using JwksAuth.Schemes;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Access;

/// <summary>The rules for requests with tokens: an endpoint that accepts them, proof of possession, a user.</summary>
internal sealed class AccessRules(UserJudge users, BindingJudge bindings) : IAccessRules
{
    public bool Opens(HttpContext context, string scheme)
    {
        if (context.GetEndpoint()?.Metadata.GetOrderedMetadata<AllowAccessTokensAttribute>() is not { Count: > 0 } openings)
            return false;

        foreach (var opening in openings)
        {
            if (!opening.Opens(scheme))
                return false;
        }

        return true;
    }

    public PresentedToken Read(HttpContext context, string scheme) =>
        AuthorizationHeader.Read(context.Request, bindings.TakesDpop(scheme));

    public bool JudgesEvery(string scheme) => users.Judges(scheme) || bindings.Requires(scheme);

    public async ValueTask<AccessRefusal?> JudgeAsync(TokenUse token) =>
        await bindings.JudgeAsync(token) ?? await users.JudgeAsync(token);
}
