using JwksAuth.Schemes;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace JwksAuth.Access;

/// <summary>What is asked of requests with tokens: an open endpoint, the proof of a binding, a user.</summary>
internal sealed class AccessRules(UserJudge users) : IAccessRules
{
    private static readonly AccessRefusal Bound = new("The token is bound to a key, which the request does not prove");

    public bool Opens(HttpContext context, string scheme)
    {
        if (context.GetEndpoint()?.Metadata.GetOrderedMetadata<AllowResourceServerAttribute>() is not { Count: > 0 } openings)
            return false;

        foreach (var opening in openings)
        {
            if (!opening.Opens(scheme))
                return false;
        }

        return true;
    }

    public PresentedToken Read(HttpContext context, string scheme) => new(BearerToken.MemoryOf(context.Request), IsDpop: false);

    public bool JudgesEvery(string scheme) => users.Judges(scheme);

    public ValueTask<AccessRefusal?> JudgeAsync(TokenOnRequest token) =>
        token.Confirmation is not null ? new(Bound) : users.JudgeAsync(token);

    public void Challenge(HttpContext context, string scheme, string challenge, params ReadOnlySpan<(string Name, string? Value)> parameters) =>
        context.Response.Headers.Append(HeaderNames.WWWAuthenticate, Schemes.Challenge.Format(challenge, parameters));
}
