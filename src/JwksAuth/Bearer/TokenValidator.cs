using System.Collections.Immutable;
using System.Security.Claims;
using JwksAuth.Jose;
using JwksAuth.Keys;
using JwksAuth.Schemes;
using Microsoft.IdentityModel.JsonWebTokens;

namespace JwksAuth.Bearer;

/// <summary>
/// The path of a token: the cache, cheap checks, keys from memory or by a fetch, the signature, the identity. Completes synchronously
/// unless a fetch is needed.
/// </summary>
internal sealed class TokenValidator(BearerPlan plan, JwksTokenHandler handler)
{
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public ValueTask<TokenVerdict> ValidateAsync(ReadOnlyMemory<char> token, CancellationToken cancellationToken)
    {
        if (!plan.IsConfigured)
            return new(JwksTokenFailure.NotConfigured);
        if (token.Length > plan.Rules.MaximumTokenLength)
            return new(JwksTokenFailure.TooLong);
        if (!token.Span.Contains('.'))
            return new(JwksTokenFailure.Malformed);

        var candidate = new Candidate(token, token);
        if (FindInCache(candidate) is { } known)
            return new(Repeat(known));

        return plan.Decryption is { } decryption && CompactToken.IsEncrypted(token.Span)
            ? DecryptAsync(decryption, candidate, cancellationToken)
            : InspectAsync(candidate, null, cancellationToken);
    }

    // What comes out is judged as any other token; the cache goes on knowing it by what was sent.
    private async ValueTask<TokenVerdict> DecryptAsync(TokenDecryption decryption, Candidate candidate, CancellationToken cancellationToken)
    {
        var (token, failure) = await decryption.OpenAsync(candidate.Received.ToString(), cancellationToken);
        return token is null ? failure!.Value : await InspectAsync(candidate with { Token = token.AsMemory() }, null, cancellationToken);
    }

    private TokenVerdict Repeat(ValidatedToken known)
    {
        try
        {
            var identity = known.RepeatIdentity(handler, plan.Parameters);
            return LacksServiceProvider(identity) ? JwksTokenFailure.NoServiceProvider : TokenVerdict.Valid(known, identity);
        }
        catch (Exception exception)
        {
            // Code of the application made an identity at first, and fails now.
            return TokenVerdict.Refused(exception);
        }
    }

    private ValidatedToken? FindInCache(Candidate candidate) => plan.Cache?.Find(candidate.Received.Span);

    private ValueTask<TokenVerdict> InspectAsync(Candidate candidate, IssuerPlan? resolved, CancellationToken cancellationToken)
    {
        var inspection = TokenInspector.Inspect(candidate.Token.Span, plan, resolved);
        return inspection switch
        {
            { Failure: { } failure } => new(failure),
            { Plan: null } => ResolveAsync(candidate, inspection.Issuer!, cancellationToken),
            { NeedsFetch: true } => FetchAsync(candidate, inspection, cancellationToken),
            _ => JudgeAsync(candidate, inspection, inspection.Keys, cancellationToken),
        };
    }

    private async ValueTask<TokenVerdict> ResolveAsync(Candidate candidate, string issuer, CancellationToken cancellationToken)
    {
        var (resolved, failure) = await plan.OnTheFly!.FindAsync(issuer, cancellationToken);
        return resolved is null ? failure!.Value : await InspectAsync(candidate, resolved, cancellationToken);
    }

    private async ValueTask<TokenVerdict> FetchAsync(Candidate candidate, TokenInspection inspection, CancellationToken cancellationToken)
    {
        var fetch = new KeyFetch(inspection.KeyId, inspection.Algorithm, inspection.Keys.Set, plan.Rules.UnknownKeyWait);
        var keys = await inspection.Plan!.Source.FetchAsync(fetch, cancellationToken);
        if (keys.Status == KeyLookupStatus.Unavailable)
            return TokenVerdict.Unavailable(keys.RetryAfter);

        // Keys from configuration may be at hand while the metadata that names the issuer is out of reach.
        if (inspection.Plan.IsNamed(inspection.Issuer) is not { } isNamed)
        {
            plan.MetadataRefused(inspection.Plan);
            return TokenVerdict.Unavailable(null);
        }

        if (!isNamed)
            return JwksTokenFailure.Issuer;

        // Others that waited for the same fetch with the same token may have been quicker.
        return FindInCache(candidate) is { } known
            ? Repeat(known)
            : await JudgeAsync(candidate, inspection, keys, cancellationToken);
    }

    private ValueTask<TokenVerdict> JudgeAsync(
        Candidate candidate, TokenInspection inspection, KeyLookup keys, CancellationToken cancellationToken)
    {
        if (keys.Status != KeyLookupStatus.Found)
            return new(JwksTokenFailure.UnknownKey);
        if (!inspection.HasKeyId && !MayTry(keys.Keys))
            return new(JwksTokenFailure.AmbiguousKey);

        var (signer, isUnavailable) = FindSigner(candidate, inspection, keys.Keys);
        if (isUnavailable)
            return new(TokenVerdict.Unavailable(null));
        if (signer is not null)
            return AcceptAsync(candidate, inspection, signer);

        return plan.Rules.RefetchesOnBadSignature && inspection.HasKeyId
            ? RetryAsync(candidate, inspection, keys, cancellationToken)
            : new(JwksTokenFailure.Signature);
    }

    // A token without a kid gives no hint; trying many keys for it would be work that its sender chooses.
    private bool MayTry(ImmutableArray<VerificationKey> keys) =>
        keys.Length == 1 || (plan.Rules.TriesSeveralKeys && keys.Length <= KeySet.MaximumChecksPerToken);

    private async ValueTask<TokenVerdict> RetryAsync(
        Candidate candidate, TokenInspection inspection, KeyLookup tried, CancellationToken cancellationToken)
    {
        var fetch = new KeyFetch(inspection.KeyId, inspection.Algorithm, tried.Set, plan.Rules.UnknownKeyWait);
        var keys = await inspection.Plan!.Source.FetchAsync(fetch, cancellationToken);
        var changed = keys.Keys.RemoveRange(tried.Keys);
        if (inspection.Plan.IsNamed(inspection.Issuer) != true)
            return JwksTokenFailure.Signature;

        return FindSigner(candidate, inspection, changed) switch
        {
            { IsUnavailable: true } => TokenVerdict.Unavailable(null),
            { Signer: { } signer } => await AcceptAsync(candidate, inspection, signer),
            _ => JwksTokenFailure.Signature,
        };
    }

    private SignerLookup FindSigner(Candidate candidate, TokenInspection inspection, ImmutableArray<VerificationKey> keys)
    {
        var found = plan.SignatureCheck.FindSigner(candidate.Token.Span, inspection.Algorithm, keys);
        if (!found.IsUnavailable)
            plan.Signatures.Checked(inspection.Algorithm.NameOf(), found.Signer is { } signer ? keys.IndexOf(signer) : keys.Length, found.Signer is not null);
        return found;
    }

    private ValueTask<TokenVerdict> AcceptAsync(Candidate candidate, TokenInspection inspection, VerificationKey signer)
    {
        signer.MarkUsed(plan.Time.GetUtcNow());
        try
        {
            var parsed = new JsonWebToken(candidate.Token);
            if (plan.HasApplicationValidators)
                return AcceptWithApplicationAsync(candidate, parsed, inspection, signer);

            var identity = handler.CreateIdentity(parsed, plan.Parameters);
            if (LacksServiceProvider(identity))
                return new(JwksTokenFailure.NoServiceProvider);

            var accepted = candidate.Accept(parsed, inspection, signer);
            Remember(candidate, accepted);
            return new(TokenVerdict.Valid(accepted, identity));
        }
        catch (Exception exception)
        {
            // The issuer signed a token that IdentityModel cannot read, or code of the application failed on it.
            return new(TokenVerdict.Refused(exception));
        }
    }

    // An encrypted token is kept from the start: its decryption costs ten times what the verification does.
    private void Remember(Candidate candidate, ValidatedToken accepted)
    {
        if (candidate.WasEncrypted)
            plan.Cache?.Add(candidate.Received.Span, accepted);
        else
            plan.Cache?.AddRepeated(candidate.Received.Span, accepted);
    }

    private async ValueTask<TokenVerdict> AcceptWithApplicationAsync(
        Candidate candidate, JsonWebToken token, TokenInspection inspection, VerificationKey signer)
    {
        var result = await handler.ValidateByApplicationAsync(token, signer, plan.Parameters);
        if (!result.IsValid)
            return TokenVerdict.Refused(result.Exception);

        handler.NameServiceProvider(result.ClaimsIdentity, token);
        return LacksServiceProvider(result.ClaimsIdentity)
            ? JwksTokenFailure.NoServiceProvider
            : TokenVerdict.Valid(candidate.Accept(token, inspection, signer), result.ClaimsIdentity);
    }

    private bool LacksServiceProvider(ClaimsIdentity identity) =>
        plan.ServiceProviderClaim is not null && ServiceProviderClaim.Read(identity) is null;

    /// <summary>A token on its way.</summary>
    /// <param name="Received">What the request brought.</param>
    /// <param name="Token">The signed token: the same, or what an encrypted one held.</param>
    private readonly record struct Candidate(ReadOnlyMemory<char> Received, ReadOnlyMemory<char> Token)
    {
        public bool WasEncrypted => !Token.Equals(Received);

        public ValidatedToken Accept(JsonWebToken parsed, TokenInspection inspection, VerificationKey signer) =>
            new(Received, parsed, new Acceptance(signer, inspection.Plan!, inspection.ExpiresAt, inspection.Confirmation));
    }
}
