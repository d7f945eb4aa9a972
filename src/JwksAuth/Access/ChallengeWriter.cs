using JwksAuth.Access.Binding;
using JwksAuth.Access.Metadata;
using JwksAuth.Requests;
using JwksAuth.Responses;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Access;

/// <summary>
/// Writes the challenges of a scheme: for each way to send a token, with the error, the scope that a token needs and the address of the
/// resource metadata.
/// </summary>
internal sealed class ChallengeWriter(BindingJudge bindings, ProtectedResources resources) : IChallengeWriter
{
    public void Write(
        HttpContext context, string scheme, string challenge, string? requiredScope,
        params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var metadata = ("resource_metadata", resources.Find(context.Request)?.MetadataAddressFor(context.Request));
        var scope = ("scope", requiredScope);
        var takesDpop = bindings.TakesDpop(scheme);

        // The error goes into the challenge of the scheme that the client used; the other challenge only announces its scheme.
        var usesDpop = takesDpop && (!bindings.TakesBearer(scheme) || !AuthorizationHeader.DpopOf(context.Request).IsEmpty);
        if (!usesDpop)
            Challenge.Append(context.Response, challenge, parameters, scope, metadata);
        if (takesDpop)
        {
            var algorithms = ("algs", bindings.AlgorithmsOf(scheme));
            Challenge.Append(context.Response, DpopJudge.HeaderName, usesDpop ? parameters : [], algorithms, scope, metadata);
        }
    }
}
