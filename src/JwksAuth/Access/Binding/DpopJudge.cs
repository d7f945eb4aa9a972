using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using JwksAuth.Jose;
using JwksAuth.Replay;
using JwksAuth.Requests;
using JwksAuth.Responses;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Access.Binding;

/// <summary>Judges the DPoP proof of a request for its token (RFC 9449 sections 4.3 and 7.1).</summary>
internal sealed class DpopJudge(SignatureCheck signatures, ReplayGuard replays, DpopNonces nonces, TimeProvider time)
{
    public const string HeaderName = "DPoP";
    private const string NonceHeaderName = "DPoP-Nonce";

    private static readonly AccessRefusal NoProof = Refusal("The request must have exactly one DPoP proof");
    private static readonly AccessRefusal Malformed = Refusal("The DPoP proof is malformed or its signature is invalid");
    private static readonly AccessRefusal OtherRequest = Refusal("The DPoP proof is for another request");
    private static readonly AccessRefusal WrongTime = Refusal("The DPoP proof has expired or is not valid yet");
    private static readonly AccessRefusal OtherToken = Refusal("The DPoP proof is for another token");
    private static readonly AccessRefusal Replayed = Refusal("The DPoP proof was used before");
    private static readonly AccessRefusal OtherKey = new("The token is bound to another key than the DPoP proof");
    private static readonly AccessRefusal NeedsNonce =
        new("The DPoP proof must contain the nonce from this response") { Error = "use_dpop_nonce" };
    private static readonly AccessRefusal NotVerified = new("The DPoP proof cannot be verified at present") { IsUnavailable = true };
    private static readonly AccessRefusal NotRemembered =
        new("The DPoP proof cannot be checked for reuse at present") { IsUnavailable = true };

    /// <summary>Why the proof is refused; null if it is accepted.</summary>
    public async ValueTask<AccessRefusal?> JudgeAsync(TokenUse token, string keyThumbprint, JwksSenderConstraintOptions options)
    {
        var request = token.Context.Request;
        if (request.Headers[HeaderName] is not [{ Length: > 0 } text])
            return NoProof;
        if (DpopProof.TryRead(text, keyThumbprint, options.DpopAlgorithms, signatures, time, out var fault) is not { } proof)
            return RefusalOf(fault);
        if (proof.Method != request.Method || !DpopAddress.IsOf(request, proof.Address, options.DpopOrigins))
            return OtherRequest;
        if (!AreEqual(proof.TokenHash, Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token.Token)))))
            return OtherToken;
        if (JudgeTime(token.Context.Response, proof, options) is { } refusal)
            return refusal;

        // Add one second for rounding.
        var goodFor = TimeSpan.FromSeconds(proof.IssuedAt - time.SecondsSince1970() + 1) + options.DpopProofLifetime;
        return await replays.UseAsync(
            JwksReplayKind.DpopProof, keyThumbprint, proof.Identifier, goodFor, token.Context.RequestAborted) switch
        {
            ReplayVerdict.New => null,
            ReplayVerdict.Used => Replayed,
            _ => NotRemembered,
        };
    }

    private static AccessRefusal RefusalOf(DpopProofFault fault) => fault switch
    {
        DpopProofFault.OtherKey => OtherKey,
        DpopProofFault.Unavailable => NotVerified,
        _ => Malformed,
    };

    private AccessRefusal? JudgeTime(HttpResponse response, DpopProof proof, JwksSenderConstraintOptions options)
    {
        var age = time.SecondsSince1970() - proof.IssuedAt;
        if (age > options.DpopProofLifetime.TotalSeconds || -age > options.DpopClockSkew.TotalSeconds)
            return WrongTime;
        if (!options.RequireDpopNonce)
            return null;

        var nonceAge = proof.Nonce is null ? null : nonces.AgeOf(proof.Nonce);
        var isGood = nonceAge is { } known && known <= options.DpopNonceLifetime && known >= -options.DpopClockSkew;
        if (!isGood || nonceAge > options.DpopNonceLifetime / 2)
            SendNonce(response);
        return isGood ? null : NeedsNonce;
    }

    // A cache must not replay the nonce to a later request (RFC 9449 section 8.2). The endpoint runs later and may override this.
    private void SendNonce(HttpResponse response)
    {
        response.Headers[NonceHeaderName] = nonces.Create();
        response.Headers.CacheControl = "no-store";
    }

    private static bool AreEqual(string? claimed, string actual) =>
        claimed is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(claimed), Encoding.UTF8.GetBytes(actual));

    private static AccessRefusal Refusal(string description) => new(description) { Error = "invalid_dpop_proof" };
}
