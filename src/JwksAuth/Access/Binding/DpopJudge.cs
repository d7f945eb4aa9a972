using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using JwksAuth.Diagnostics;
using JwksAuth.Jose;
using JwksAuth.Schemes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace JwksAuth.Access;

/// <summary>Judges the DPoP proof of a request for its token (RFC 9449 sections 4.3 and 7.1).</summary>
internal sealed class DpopJudge(SignatureCheck signatures, IJwksReplayCache used, DpopNonces nonces, JwksTelemetry telemetry, TimeProvider time)
{
    public const string HeaderName = "DPoP";
    private const string NonceHeaderName = "DPoP-Nonce";

    private static readonly AccessRefusal NoProof = Refusal("The request needs exactly one DPoP proof");
    private static readonly AccessRefusal Malformed = Refusal("The DPoP proof is not a well-formed and rightly signed one");
    private static readonly AccessRefusal OtherRequest = Refusal("The DPoP proof was made for another request");
    private static readonly AccessRefusal WrongTime = Refusal("The DPoP proof is too old, or from the future");
    private static readonly AccessRefusal OtherToken = Refusal("The DPoP proof was made for another token");
    private static readonly AccessRefusal Replayed = Refusal("The DPoP proof was used before");
    private static readonly AccessRefusal OtherKey = new("The token is bound to another key than that of the DPoP proof");
    private static readonly AccessRefusal NeedsNonce = new("The DPoP proof needs the nonce of this answer") { Error = "use_dpop_nonce" };
    private static readonly AccessRefusal NotVerified = new("The DPoP proof cannot be verified at present") { IsUnavailable = true };
    private static readonly AccessRefusal NotRemembered = new("The DPoP proof cannot be remembered at present") { IsUnavailable = true };

    private readonly FloodGate _failures = new(time);

    /// <summary>Why the proof does not do; null if it does.</summary>
    public async ValueTask<AccessRefusal?> JudgeAsync(TokenOnRequest token, string keyThumbprint, JwksSenderConstraintOptions options)
    {
        var request = token.Context.Request;
        if (request.Headers[HeaderName] is not [{ Length: > 0 } text])
            return NoProof;
        if (DpopProof.TryRead(text, options.DpopAlgorithms, signatures, time, out var isUnavailable) is not { } proof)
            return isUnavailable ? NotVerified : Malformed;
        if (proof.Method != request.Method || !IsAddressOf(request, proof.Address))
            return OtherRequest;
        if (!AreEqual(proof.TokenHash, Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token.Token)))))
            return OtherToken;
        if (!AreEqual(proof.KeyThumbprint, keyThumbprint))
            return OtherKey;
        if (JudgeTime(token.Context.Response, proof, options) is { } refusal)
            return refusal;

        // The last check: only who has the token and its key can make us remember anything.
        return await RememberAsync(proof, options.DpopProofLifetime + options.DpopClockSkew, token.Context.RequestAborted);
    }

    // The application's own cache may fail in any way. A proof that is not remembered could be used again, so it does not pass; the client is not at fault.
    private async ValueTask<AccessRefusal?> RememberAsync(DpopProof proof, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var key = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{proof.KeyThumbprint} {proof.Identifier}")));
        try
        {
            return await used.TryAddAsync(key, lifetime, cancellationToken) ? null : Replayed;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (_failures.TryPass(out var count))
                telemetry.Logger.ReplayCacheFailed(count, exception);
            return NotRemembered;
        }
    }

    private AccessRefusal? JudgeTime(HttpResponse response, DpopProof proof, JwksSenderConstraintOptions options)
    {
        var age = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds - proof.IssuedAt;
        if (age > options.DpopProofLifetime.TotalSeconds || -age > options.DpopClockSkew.TotalSeconds)
            return WrongTime;
        if (!options.RequireDpopNonce)
            return null;

        var nonceAge = proof.Nonce is null ? null : nonces.AgeOf(proof.Nonce);
        var isGood = nonceAge is { } known && known <= options.DpopNonceLifetime && known >= -options.DpopClockSkew;
        if (!isGood || nonceAge > options.DpopNonceLifetime / 2)
            response.Headers[NonceHeaderName] = nonces.Create();
        return isGood ? null : NeedsNonce;
    }

    // RFC 9449 section 4.3, check 9: without query and fragment, and after the normalization of RFC 3986 section 6.2.
    private static bool IsAddressOf(HttpRequest request, string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var claimed) || claimed.UserInfo.Length > 0
            || !Uri.TryCreate(UriHelper.BuildAbsolute(request.Scheme, request.Host), UriKind.Absolute, out var server))
            return false;

        return Uri.Compare(claimed, server, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0
            && IsPathOf(request, claimed.AbsolutePath);
    }

    // The server has resolved the escapes in the path, all but those of slashes: which of them the client wrote is known no more. So it is done with the claimed
    // path, too. An escaped null character, which the server lets into no path, would throw.
    private static bool IsPathOf(HttpRequest request, string claimed)
    {
        var path = request.PathBase.Add(request.Path);
        return !claimed.Contains("%00", StringComparison.Ordinal) && PathString.FromUriComponent(claimed).Value == (path.HasValue ? path.Value : "/");
    }

    private static bool AreEqual(string? claimed, string actual) =>
        claimed is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(claimed), Encoding.UTF8.GetBytes(actual));

    private static AccessRefusal Refusal(string description) => new(description) { Error = "invalid_dpop_proof" };
}
