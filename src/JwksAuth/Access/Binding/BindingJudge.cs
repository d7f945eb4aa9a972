using JwksAuth.Requests;
using Microsoft.Extensions.Options;

namespace JwksAuth.Access.Binding;

/// <summary>Asks for the proof of what a token is bound to. Without a set-up for it, or without a proof, a bound token is refused.</summary>
internal sealed class BindingJudge(IOptionsMonitor<JwksSenderConstraintOptions> options, CertificateBinding certificates, DpopJudge dpop)
{
    private static readonly AccessRefusal NotProved = new("The token is bound to a key, which the request does not prove");
    private static readonly AccessRefusal NotBound = new("The token is not bound to a key, which is asked for");
    private static readonly AccessRefusal NeedsDpop = new("The token is bound to a key, and is to be sent by the DPoP scheme");
    private static readonly AccessRefusal NotDpop = new("The token is not bound to the key of a DPoP proof");

    public bool Requires(string scheme) => options.Get(scheme).Required;

    public bool TakesDpop(string scheme) => options.Get(scheme) is { IsEnabled: true, Dpop: true };

    /// <summary>Whether tokens that are sent by the <c>Bearer</c> scheme can pass.</summary>
    public bool TakesBearer(string scheme) => options.Get(scheme) is not { Required: true, Certificates: false };

    /// <summary>What a challenge says of the algorithms of proofs (RFC 9449 section 7.1).</summary>
    public string AlgorithmsOf(string scheme) => string.Join(' ', options.Get(scheme).DpopAlgorithms);

    public async ValueTask<AccessRefusal?> JudgeAsync(TokenOnRequest token)
    {
        var current = options.Get(token.Scheme);
        if (token.Confirmation is null)
            return token.IsDpop ? NotDpop : current.Required ? NotBound : null;
        if (!current.IsEnabled || Confirmation.Read(token.Confirmation) is not { } bound)
            return NotProved;

        if (bound.CertificateThumbprint is { } certificate && !(current.Certificates && await certificates.IsProvedAsync(token.Context, certificate)))
            return NotProved;
        if (bound.KeyThumbprint is not { } key)
            return token.IsDpop ? NotDpop : null;
        if (!current.Dpop)
            return NotProved;

        // RFC 9449 section 7.2: a token that was bound must not pass as a plain one, proof or not.
        return token.IsDpop ? await dpop.JudgeAsync(token, key, current) : NeedsDpop;
    }
}
