using System.Text;
using System.Text.Json;
using JwksAuth.Foundation.Json;
using JwksAuth.Introspection.Server;
using JwksAuth.Jose;
using JwksAuth.Jose.Encryption;
using JwksAuth.Keys;

namespace JwksAuth.Introspection.Answers;

/// <summary>
/// Reads signed answers (RFC 9701 section 5): the media type, the header, the signature by the authorization server's keys, and who
/// told it to whom and when. An encrypted one is opened first, which says nothing of its sender: anyone can encrypt. What is inside is handed on
/// only if all of that holds.
/// </summary>
/// <param name="rules">What an answer must be.</param>
/// <param name="source">The authorization server's keys.</param>
/// <param name="signatures">Verifies signatures.</param>
/// <param name="opener">Opens encrypted answers; null if none are expected.</param>
internal sealed class SignedAnswers(SignedAnswerRules rules, IKeySource source, SignatureCheck signatures, JweOpener? opener)
{
    public const string MediaType = "application/token-introspection+jwt";

    private static readonly string[] Types = ["token-introspection+jwt", MediaType];

    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public ValueTask<SignedReading> ReadAsync(ServerReply reply, ServerDescription server, CancellationToken cancellationToken)
    {
        if (!MediaType.Equals(reply.MediaType, StringComparison.OrdinalIgnoreCase))
            return new(IsPlainInactive(reply.Body) ? SignedReading.Read(reply.Body, null) : "the answer is not a signed one: register introspection_signed_response_alg for this client");

        var text = Encoding.Latin1.GetString(reply.Body).Trim();
        return rules.Encryption is { } encryption
            ? OpenAsync(text, encryption, server, cancellationToken)
            : VerifyAsync(text, server, cancellationToken);
    }

    private async ValueTask<SignedReading> OpenAsync(string text, JwePolicy encryption, ServerDescription server, CancellationToken cancellationToken)
    {
        var opening = await opener!.OpenAsync(text, encryption, cancellationToken);
        return opening.Failure switch
        {
            null => await VerifyAsync(Encoding.Latin1.GetString(opening.Content.Span), server, cancellationToken),
            JweFailure.Unavailable => SignedReading.Unavailable(TimeSpan.FromSeconds(10)),
            JweFailure.Malformed or JweFailure.TooLong => "the answer is not an encrypted JWT, as EncryptedResponseAlg asks for",
            JweFailure.Algorithm or JweFailure.Encryption => "the answer is encrypted in another way than EncryptedResponseAlg and EncryptedResponseEnc say",
            _ => "the answer cannot be opened with the keys of the key ring",
        };
    }

    private async ValueTask<SignedReading> VerifyAsync(string text, ServerDescription server, CancellationToken cancellationToken)
    {
        if (SignedToken.TryRead(text, Types, mayLackType: false, out var fault) is not { } answer)
            return Describe(fault);
        if (!rules.Algorithms.Contains(answer.Algorithm))
            return Describe(SignedTokenFault.Algorithm);

        return await answer.VerifyAsync(source, signatures, rules.Time, cancellationToken) switch
        {
            { Signer: { } signer } => ReadClaims(answer.Payload, server, new AnswerProof(signer, source)),
            { RetryAfter: { } retryAfter } => SignedReading.Unavailable(retryAfter),
            { Fault: var failure } => Describe(failure!.Value),
        };
    }

    private static string Describe(SignedTokenFault fault) => fault switch
    {
        SignedTokenFault.Malformed => "the answer is not a signed JWT",
        SignedTokenFault.UnsupportedExtension => "the header of the answer asks for an extension",
        SignedTokenFault.Type => "the type of the answer is not token-introspection+jwt",
        SignedTokenFault.Algorithm => "the answer is signed with an algorithm that SignedResponseAlg does not name",
        SignedTokenFault.KeyIdTooLong => "the key identifier of the answer is too long",
        SignedTokenFault.Signature => "the signature of the answer is wrong",
        _ => "the key that signed the answer is not known",
    };

    private SignedReading ReadClaims(byte[] payload, ServerDescription server, AnswerProof proof)
    {
        using var document = JsonText.TryParseObject(payload);
        if (document is null)
            return $"the payload of the answer {JsonText.WhyNoObject(payload)}";

        var claims = new AnswerClaims(document.RootElement);
        if (claims.Issuer != server.Issuer)
            return "the answer is from another issuer";
        if (!claims.IsFor(rules.Audiences))
            return "the answer is meant for another audience: see ResponseAudience";
        if (claims.UnreadableLimit is { } limit)
            return $"the member '{limit}' around the answer is not a number";
        if (!IsFresh(claims))
            return "the answer is too old, or dated in the future";

        return document.RootElement.MemberOrNull("token_introspection") is { ValueKind: JsonValueKind.Object } inner
            ? SignedReading.Read(Encoding.UTF8.GetBytes(inner.GetRawText()), proof)
            : "the answer has no token_introspection";
    }

    // There is no exp at the top of an answer: only iat shows that it was not kept back, or replayed.
    private bool IsFresh(AnswerClaims claims)
    {
        var now = (rules.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;
        var skew = rules.ClockSkew.TotalSeconds;
        return claims.IssuedAt is { } issuedAt
            && issuedAt - skew <= now
            && issuedAt + skew + rules.Timeout.TotalSeconds >= now
            && !(claims.ExpiresAt + skew <= now)
            && !(claims.NotBefore - skew > now);
    }

    // Section 5 wants it signed, but servers say so in plain JSON as well; nobody gains anything by forging it.
    private static bool IsPlainInactive(byte[] body)
    {
        using var document = JsonText.TryParseObject(body);
        return document?.RootElement.MemberOrNull("active")?.ValueKind == JsonValueKind.False;
    }
}

/// <summary>What a signed answer must be.</summary>
/// <param name="Algorithms">The accepted algorithms.</param>
/// <param name="Encryption">How answers must be encrypted; null takes only those that are not.</param>
/// <param name="Audiences">For whom it must be: one of these.</param>
/// <param name="ClockSkew">How far clocks may differ.</param>
/// <param name="Timeout">How long an answer may have been under way.</param>
/// <param name="Time">The clock.</param>
internal sealed record SignedAnswerRules(
    IReadOnlySet<SignatureAlgorithm> Algorithms, JwePolicy? Encryption, string[] Audiences, TimeSpan ClockSkew, TimeSpan Timeout, TimeProvider Time);
