using System.Text;
using System.Text.Json;
using JwksAuth.Foundation.Json;
using JwksAuth.Introspection.Server;
using JwksAuth.Jose;
using JwksAuth.Jose.Encryption;
using JwksAuth.Keys;

namespace JwksAuth.Introspection.Answers;

/// <summary>
/// Reads signed responses (RFC 9701 section 5): checks media type, header, signature, issuer, audience and age. An encrypted response is
/// decrypted first, which does not authenticate its sender. The content is returned only if all checks pass.
/// </summary>
/// <param name="opener">Decrypts responses; null if none are encrypted.</param>
internal sealed class SignedAnswers(SignedAnswerRules rules, IKeySource source, SignatureCheck signatures, JweOpener? opener)
{
    public const string MediaType = "application/token-introspection+jwt";

    public ValueTask<SignedReading> ReadAsync(ServerReply reply, ServerDescription server, CancellationToken cancellationToken)
    {
        if (!MediaType.Equals(reply.MediaType, StringComparison.OrdinalIgnoreCase))
            return new(IsPlainInactive(reply.Body)
                ? SignedReading.Read(reply.Body, null)
                : "the response is not signed: register introspection_signed_response_alg for this client");

        var text = Encoding.Latin1.GetString(reply.Body).Trim();
        return rules.Encryption is { } encryption
            ? OpenAsync(text, encryption, server, cancellationToken)
            : VerifyAsync(text, server, cancellationToken);
    }

    private async ValueTask<SignedReading> OpenAsync(
        string text, JwePolicy encryption, ServerDescription server, CancellationToken cancellationToken)
    {
        var opening = await opener!.OpenAsync(text, encryption, cancellationToken);
        return opening.Failure switch
        {
            null => await VerifyAsync(Encoding.Latin1.GetString(opening.Content.Span), server, cancellationToken),
            JweFailure.Unavailable => SignedReading.Unavailable(TimeSpan.FromSeconds(10)),
            JweFailure.Malformed or JweFailure.TooLong => "the response is not an encrypted JWT, which EncryptedResponseAlg requires",
            JweFailure.Algorithm or JweFailure.Encryption =>
                "the response is not encrypted with EncryptedResponseAlg and EncryptedResponseEnc",
            _ => "the key ring cannot decrypt the response",
        };
    }

    private async ValueTask<SignedReading> VerifyAsync(string text, ServerDescription server, CancellationToken cancellationToken)
    {
        if (SignedToken.TryRead(text, rules.Header, out var fault) is not { } answer)
            return Describe(fault);

        return await answer.VerifyAsync(source, signatures, rules.Time, cancellationToken) switch
        {
            { Signer: { } signer } => ReadClaims(answer.Payload, server, new AnswerProof(signer, source)),
            { RetryAfter: { } retryAfter } => SignedReading.Unavailable(retryAfter),
            { Fault: var failure } => Describe(failure!.Value),
        };
    }

    private static string Describe(SignedTokenFault fault) => fault switch
    {
        SignedTokenFault.Malformed => "the response is not a signed JWT",
        SignedTokenFault.UnsupportedExtension => "the header of the response requires an unsupported extension",
        SignedTokenFault.Type => "the type of the response is not token-introspection+jwt",
        SignedTokenFault.Algorithm => "the response is signed with an algorithm that is not in SignedResponseAlg",
        SignedTokenFault.KeyIdTooLong => "the key identifier of the response is too long",
        SignedTokenFault.Signature => "the signature of the response is invalid",
        _ => "the key that signed the response is unknown",
    };

    private SignedReading ReadClaims(byte[] payload, ServerDescription server, AnswerProof proof)
    {
        using var document = JsonText.TryParseObject(payload);
        if (document is null)
            return $"the payload of the response {JsonFault.Of(payload)}";

        var claims = new AnswerClaims(document.RootElement);
        if (claims.Issuer != server.Issuer)
            return "the response is from another issuer";
        if (!claims.IsFor(rules.Audiences))
            return "the response is for another audience: see ResponseAudience";
        if (claims.UnreadableLimit is { } limit)
            return $"the member '{limit}' of the signed response is not a number";
        if (!IsFresh(claims))
            return "the response is too old, or dated in the future";

        return document.RootElement.MemberOrNull("token_introspection") is { ValueKind: JsonValueKind.Object } inner
            ? SignedReading.Read(Encoding.UTF8.GetBytes(inner.GetRawText()), proof)
            : "the response has no token_introspection";
    }

    // The response itself has no exp; only iat shows that it is not delayed or replayed.
    private bool IsFresh(AnswerClaims claims)
    {
        return claims.IssuedAt is { } issuedAt
            && issuedAt + rules.ClockSkew.TotalSeconds + rules.Timeout.TotalSeconds >= rules.Time.SecondsSince1970()
            && rules.Time.Judge(claims.ExpiresAt, claims.NotBefore, issuedAt, rules.ClockSkew) is null;
    }

    // Section 5 requires a signature, but some servers send plain JSON here, and forging it would gain nothing.
    private static bool IsPlainInactive(byte[] body)
    {
        using var document = JsonText.TryParseObject(body);
        return document?.RootElement.MemberOrNull("active")?.ValueKind == JsonValueKind.False;
    }
}

/// <param name="Encryption">The required encryption; null accepts only unencrypted responses.</param>
internal sealed record SignedAnswerRules(
    IReadOnlySet<SignatureAlgorithm> Algorithms, JwePolicy? Encryption, string[] Audiences, TimeSpan ClockSkew, TimeSpan Timeout,
    TimeProvider Time)
{
    public HeaderRules Header { get; } = new(["token-introspection+jwt", SignedAnswers.MediaType], mayLackType: false, Algorithms);
}
