using System.Collections.Immutable;
using JwksAuth.Bearer.Identity;
using JwksAuth.Bearer.Issuers;
using JwksAuth.Foundation.Json;
using JwksAuth.Jose;
using JwksAuth.Keys;
using Microsoft.IdentityModel.JsonWebTokens;

namespace JwksAuth.Bearer.Validation;

/// <summary>Validates a token: cache, cheap checks, keys, signature, identity. Completes synchronously unless it needs a fetch.</summary>
internal sealed class TokenValidator(BearerPlan plan)
{
    /// <exception cref="OperationCanceledException">The operation was canceled.</exception>
    public ValueTask<TokenVerdict> ValidateAsync(ReadOnlyMemory<char> token, CancellationToken cancellationToken)
    {
        var judging = JudgeAsync(token, cancellationToken);
        return judging.IsCompletedSuccessfully ? new(Count(judging.Result, token)) : CountAsync(judging, token);
    }

    private async ValueTask<TokenVerdict> CountAsync(ValueTask<TokenVerdict> judging, ReadOnlyMemory<char> token) =>
        Count(await judging, token);

    private TokenVerdict Count(TokenVerdict verdict, ReadOnlyMemory<char> token)
    {
        if (verdict.Failure is not { } failure)
            return verdict;

        plan.Refusals.Count(failure.ToWord());
        return verdict.RefusedToken.IsEmpty ? verdict with { RefusedToken = token } : verdict;
    }

    private ValueTask<TokenVerdict> JudgeAsync(ReadOnlyMemory<char> token, CancellationToken cancellationToken)
    {
        if (!plan.IsConfigured)
            return new(JwksTokenFailure.NotConfigured);
        if (token.Length > plan.Rules.MaximumTokenLength)
            return new(JwksTokenFailure.TooLong);
        if (!token.Span.Contains('.'))
            return new(JwksTokenFailure.Malformed);

        var candidate = new Candidate(token, token);
        if (FindInCache(candidate) is { } known)
            return new(Identify(known));

        return plan.Decryption is { } decryption && CompactToken.IsEncrypted(token.Span)
            ? DecryptAsync(decryption, candidate, cancellationToken)
            : InspectAsync(candidate, null, cancellationToken);
    }

    // The decrypted token is judged like any other; the cache keeps the encrypted form as its key.
    private async ValueTask<TokenVerdict> DecryptAsync(TokenDecryption decryption, Candidate candidate, CancellationToken cancellationToken)
    {
        var (token, failure) = await decryption.OpenAsync(candidate.Received.ToString(), cancellationToken);
        if (token is null)
            return failure!.Value;

        var verdict = await InspectAsync(candidate with { Token = token.AsMemory() }, null, cancellationToken);
        return verdict.IsValid ? verdict : verdict with { RefusedToken = token.AsMemory() };
    }

    // Every use of a token creates its identity the same way, so a repeated token behaves like a new one.
    private TokenVerdict Identify(ValidatedToken token)
    {
        try
        {
            return plan.Identities.Create(token.Token) is { } identity
                ? TokenVerdict.Valid(token, identity)
                : JwksTokenFailure.NoServiceProvider;
        }
        catch (Exception exception)
        {
            // Either code of the application failed, or IdentityModel cannot create an identity from this token.
            return TokenVerdict.Refused(exception);
        }
    }

    private ValidatedToken? FindInCache(Candidate candidate) => plan.Cache?.Find(candidate.Received.Span);

    private ValueTask<TokenVerdict> InspectAsync(Candidate candidate, IssuerPlan? resolved, CancellationToken cancellationToken)
    {
        if (TokenInspector.Inspect(candidate.Token.Span, plan, resolved, out var inspection) is { } failure)
            return new(failure);
        if (inspection.Plan is null)
            return ResolveAsync(candidate, inspection.Issuer!, cancellationToken);
        return inspection.NeedsFetch
            ? FetchAsync(candidate, inspection, cancellationToken)
            : JudgeAsync(candidate, inspection, inspection.Keys, cancellationToken);
    }

    private async ValueTask<TokenVerdict> ResolveAsync(Candidate candidate, string issuer, CancellationToken cancellationToken)
    {
        var (resolved, failure) = await plan.OnTheFly!.FindAsync(issuer, cancellationToken);
        return resolved is null ? failure!.Value : await InspectAsync(candidate, resolved, cancellationToken);
    }

    private async ValueTask<TokenVerdict> FetchAsync(Candidate candidate, TokenInspection inspection, CancellationToken cancellationToken)
    {
        var fetch = new KeyFetch(inspection.KeyId, inspection.Algorithm, inspection.Keys.Set, plan.Rules.UnknownKeyWait)
        {
            KeepsUsableSet = !plan.Rules.RefreshesOnUnknownKey,
        };
        var keys = await inspection.Plan!.Source.FetchAsync(fetch, cancellationToken);
        if (keys.Status == KeyLookupStatus.Unavailable)
            return TokenVerdict.Unavailable(keys.RetryAfter);

        // Keys from configuration may be present while the metadata that names the issuer is unavailable.
        if (inspection.Plan.IsNamed(inspection.Issuer) is not { } isNamed)
        {
            plan.MetadataRefused(inspection.Plan);
            return TokenVerdict.Unavailable(null);
        }

        if (!isNamed)
            return JwksTokenFailure.Issuer;

        // The fetch does not consider the certificate thumbprint, which distinguishes the keys.
        if (!inspection.HasKeyId && keys.Keys.Length > 1)
        {
            if (TokenInspector.Inspect(candidate.Token.Span, plan, inspection.Plan, out var again) is { } failure)
                return failure;
            keys = again.Keys;
        }

        // Another request with the same token may have waited for the same fetch and finished first.
        return FindInCache(candidate) is { } known
            ? Identify(known)
            : await JudgeAsync(candidate, inspection, keys, cancellationToken);
    }

    private ValueTask<TokenVerdict> JudgeAsync(
        Candidate candidate, TokenInspection inspection, KeyLookupResult keys, CancellationToken cancellationToken)
    {
        if (keys.Status != KeyLookupStatus.Found)
            return new(JwksTokenFailure.UnknownKey);
        if (!inspection.HasKeyId && !MayTry(keys.Keys))
            return new(JwksTokenFailure.AmbiguousKey);

        var (signer, isUnavailable) = FindSigner(candidate, inspection, keys.Keys);
        if (isUnavailable)
            return new(TokenVerdict.Unavailable(null));
        if (signer is not null)
            return AcceptAsync(candidate, inspection, signer, keys.Keys);

        return (keys.MayBeOutdated && plan.Rules.RefreshesOnUnknownKey) || (plan.Rules.RefetchesOnBadSignature && inspection.HasKeyId)
            ? RetryAsync(candidate, inspection, keys, cancellationToken)
            : new(JwksTokenFailure.Signature);
    }

    // A token without a kid gives no hint; trying many keys would let its sender set our CPU cost.
    private bool MayTry(ImmutableArray<VerificationKey> keys) =>
        keys.Length == 1 || (plan.Rules.TriesSeveralKeys && keys.Length <= KeySet.MaximumChecksPerToken);

    private async ValueTask<TokenVerdict> RetryAsync(
        Candidate candidate, TokenInspection inspection, KeyLookupResult tried, CancellationToken cancellationToken)
    {
        var fetch = new KeyFetch(inspection.KeyId, inspection.Algorithm, tried.Set, plan.Rules.UnknownKeyWait);
        var keys = await inspection.Plan!.Source.FetchAsync(fetch, cancellationToken);
        if (inspection.Plan.IsNamed(inspection.Issuer) != true)
            return JwksTokenFailure.Signature;
        if (!inspection.HasKeyId && keys.Keys.Length > 1 && !MayTry(keys.Keys))
            return JwksTokenFailure.AmbiguousKey;

        var changed = keys.Keys.RemoveRange(tried.Keys);
        if (changed.IsEmpty)
            return keys.RetryAfter > TimeSpan.Zero ? TokenVerdict.Unavailable(keys.RetryAfter) : JwksTokenFailure.Signature;

        return FindSigner(candidate, inspection, changed) switch
        {
            { IsUnavailable: true } => TokenVerdict.Unavailable(null),
            { Signer: { } signer } => await AcceptAsync(candidate, inspection, signer, changed),
            _ => JwksTokenFailure.Signature,
        };
    }

    private SignerLookup FindSigner(Candidate candidate, TokenInspection inspection, ImmutableArray<VerificationKey> keys)
    {
        var found = plan.SignatureCheck.FindSigner(candidate.Token.Span, inspection.Algorithm, keys);
        if (!found.IsUnavailable)
            plan.Signatures.Checked(
                inspection.Algorithm.NameOf(), found.Signer is { } signer ? keys.IndexOf(signer) : keys.Length, found.Signer is not null);
        return found;
    }

    private ValueTask<TokenVerdict> AcceptAsync(
        Candidate candidate, TokenInspection inspection, VerificationKey signer, ImmutableArray<VerificationKey> keys)
    {
        JsonWebToken parsed;
        try
        {
            parsed = new JsonWebToken(candidate.Token, plan.Parameters.TryReadJwtClaim) { SigningKey = signer.SecurityKey };
        }
        catch (Exception exception)
        {
            // The issuer signed a token that IdentityModel cannot read.
            return new(TokenVerdict.Refused(exception));
        }

        if (!inspection.Plan!.MaySign(signer, parsed))
            return AcceptTwinAsync(candidate, inspection, keys.Remove(signer));

        var now = plan.Time.GetUtcNow();
        signer.MarkUsed(now);
        if (plan.Rules.ValidatesSigningKeyTimes && signer.Certificate is { } times)
        {
            if (!times.Contain(now, plan.Rules.ClockSkew))
                return new(JwksTokenFailure.SigningKeyNotValid);
            inspection = inspection.EndingAt(times.EndWith(plan.Rules.ClockSkew));
        }

        var accepted = candidate.Accept(parsed, inspection, signer);
        if (plan.HasApplicationValidators)
            return AcceptWithApplicationAsync(accepted);

        var verdict = Identify(accepted);
        if (verdict.IsValid)
            Remember(candidate, accepted);
        return new(verdict);
    }

    // The same key may be published a second time, for another issuer.
    private ValueTask<TokenVerdict> AcceptTwinAsync(
        Candidate candidate, TokenInspection inspection, ImmutableArray<VerificationKey> others) =>
        others.IsEmpty ? new(JwksTokenFailure.KeyOfAnotherIssuer) : FindSigner(candidate, inspection, others) switch
        {
            { IsUnavailable: true } => new(TokenVerdict.Unavailable(null)),
            { Signer: { } twin } => AcceptAsync(candidate, inspection, twin, others),
            _ => new(JwksTokenFailure.KeyOfAnotherIssuer),
        };

    // An encrypted token is cached on its first use: decryption costs ten times as much as verification.
    private void Remember(Candidate candidate, ValidatedToken accepted)
    {
        if (candidate.WasEncrypted)
            plan.Cache?.AddEncrypted(candidate.Received.Span, candidate.Token.Span, accepted);
        else
            plan.Cache?.AddRepeated(candidate.Received.Span, accepted);
    }

    private async ValueTask<TokenVerdict> AcceptWithApplicationAsync(ValidatedToken accepted)
    {
        try
        {
            var result = await plan.Identities.ValidateByApplicationAsync(accepted.Token, accepted.Acceptance);
            if (!result.IsValid)
                return TokenVerdict.Refused(result.Exception);

            return plan.Identities.NameServiceProvider(result.ClaimsIdentity, accepted.Token) is { } identity
                ? TokenVerdict.Valid(accepted, identity)
                : JwksTokenFailure.NoServiceProvider;
        }
        catch (Exception exception)
        {
            return TokenVerdict.Refused(exception); // stock creates the identity lazily, so code of the application may fail here
        }
    }

    /// <param name="Received">The token in the request.</param>
    /// <param name="Token">The signed token: the same, or the decrypted content.</param>
    private readonly record struct Candidate(ReadOnlyMemory<char> Received, ReadOnlyMemory<char> Token)
    {
        public bool WasEncrypted => !Token.Equals(Received);

        public ValidatedToken Accept(JsonWebToken parsed, TokenInspection inspection, VerificationKey signer) =>
            new(Received, parsed, new Acceptance(signer, inspection.Plan!, inspection.ExpiresAt, inspection.Confirmation));
    }
}
