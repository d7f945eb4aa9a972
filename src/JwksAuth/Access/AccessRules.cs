using JwksAuth.Access.Binding;
using JwksAuth.Access.Metadata;
using JwksAuth.Access.Users;
using JwksAuth.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace JwksAuth.Access;

/// <summary>The rules for requests with tokens: an endpoint that accepts them, proof of possession, a user.</summary>
internal sealed class AccessRules(UserJudge users, BindingJudge bindings, ProtectedResources resources) : IAccessRules
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

    public PresentedToken Read(HttpContext context, string scheme)
    {
        var token = BearerToken.MemoryOf(context.Request);
        return token.IsEmpty && bindings.TakesDpop(scheme)
            ? new PresentedToken(BearerToken.DpopOf(context.Request), IsDpop: true)
            : new PresentedToken(token, IsDpop: false);
    }

    public bool JudgesEvery(string scheme) => users.Judges(scheme) || bindings.Requires(scheme);

    public async ValueTask<AccessRefusal?> JudgeAsync(TokenOnRequest token) =>
        await bindings.JudgeAsync(token) ?? await users.JudgeAsync(token);

    public void Challenge(HttpContext context, string scheme, string challenge, string? requiredScope, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var metadata = ("resource_metadata", resources.Find(context.Request)?.MetadataAddressFor(context.Request));
        var scope = ("scope", requiredScope);
        var takesDpop = bindings.TakesDpop(scheme);

        // The error goes into the challenge of the scheme that the client used; the other challenge only announces its scheme.
        var usesDpop = takesDpop && (!bindings.TakesBearer(scheme) || !BearerToken.DpopOf(context.Request).IsEmpty);
        if (!usesDpop)
            Append(context, challenge, parameters, scope, metadata);
        if (takesDpop)
            Append(context, DpopJudge.HeaderName, usesDpop ? parameters : [], ("algs", bindings.AlgorithmsOf(scheme)), scope, metadata);
    }

    private static void Append(
        HttpContext context, string challenge, ReadOnlySpan<(string Name, string? Value)> error,
        params ReadOnlySpan<(string Name, string? Value)> others) =>
        context.Response.Headers.Append(HeaderNames.WWWAuthenticate, Requests.Challenge.Format(challenge, error, others));
}
