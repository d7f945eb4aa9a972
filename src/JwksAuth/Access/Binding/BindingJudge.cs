using JwksAuth.Requests;
using JwksAuth.Responses;
using Microsoft.Extensions.Options;

namespace JwksAuth.Access.Binding;

/// <summary>Requires proof of possession for a bound token, and refuses the token if its binding is not supported.</summary>
internal sealed class BindingJudge(IOptionsMonitor<JwksSenderConstraintOptions> options, CertificateBinding certificates, DpopJudge dpop)
{
    private static readonly AccessRefusal NotProved = new("The token is bound to a key, and the request does not prove possession of it");
    private static readonly AccessRefusal NotBound = new("The token is not bound to a key, which the API requires");
    private static readonly AccessRefusal NeedsDpop = new("The token is bound to a key and must be sent with the DPoP scheme");
    private static readonly AccessRefusal NotDpop = new("The token is not bound to the key of a DPoP proof");

    public bool Requires(string scheme) => options.Get(scheme).Required;

    public bool TakesDpop(string scheme) => options.Get(scheme) is { IsEnabled: true, Dpop: true };

    /// <summary>Whether tokens that are sent with the <c>Bearer</c> scheme can pass.</summary>
    public bool TakesBearer(string scheme) => options.Get(scheme) is not { Required: true, Certificates: false };

    /// <summary>The proof algorithms, as listed in a challenge (RFC 9449 section 7.1).</summary>
    public string AlgorithmsOf(string scheme) => string.Join(' ', options.Get(scheme).DpopAlgorithms);

    public async ValueTask<AccessRefusal?> JudgeAsync(TokenUse token)
    {
        var current = options.Get(token.Scheme);
        if (token.Confirmation is null)
            return token.IsDpop ? NotDpop : current.Required ? NotBound : null;
        if (!current.IsEnabled || Confirmation.Read(token.Confirmation) is not { } bound)
            return NotProved;

        if (bound.CertificateThumbprint is { } certificate
            && !(current.Certificates && await certificates.IsProvedAsync(token.Context, certificate)))
            return NotProved;
        if (bound.KeyThumbprint is not { } key)
            return token.IsDpop ? NotDpop : null;
        if (!current.Dpop)
            return NotProved;

        // RFC 9449 section 7.2: a bound token must not pass as a plain one, with or without a proof.
        return token.IsDpop ? await dpop.JudgeAsync(token, key, current) : NeedsDpop;
    }
}
