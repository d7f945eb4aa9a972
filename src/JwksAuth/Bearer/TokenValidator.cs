using System.Collections.Immutable;
using JwksAuth.Jose;
using JwksAuth.Keys;
using Microsoft.IdentityModel.JsonWebTokens;

namespace JwksAuth.Bearer;

/// <summary>
/// The path of a token: cheap checks, keys from memory or by a fetch, the signature, the identity. Completes synchronously unless a
/// fetch is needed.
/// </summary>
internal sealed class TokenValidator(BearerPlan plan, JwksTokenHandler handler)
{
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public ValueTask<TokenVerdict> ValidateAsync(string token, CancellationToken cancellationToken)
    {
        if (!plan.IsConfigured)
            return new(JwksTokenFailure.NotConfigured);

        var inspection = TokenInspector.Inspect(token, plan);
        return inspection switch
        {
            { Failure: { } failure } => new(failure),
            { Plan: null } => ResolveAsync(token, inspection.Issuer!, cancellationToken),
            { NeedsFetch: true } => FetchAsync(token, inspection, cancellationToken),
            _ => JudgeAsync(token, inspection, inspection.Keys, cancellationToken),
        };
    }

    private async ValueTask<TokenVerdict> ResolveAsync(string token, string issuer, CancellationToken cancellationToken)
    {
        var (resolved, failure) = await plan.OnTheFly!.FindAsync(issuer, cancellationToken);
        if (resolved is null)
            return failure!.Value;

        var inspection = TokenInspector.Inspect(token, plan, resolved);
        return inspection switch
        {
            { Failure: { } fault } => fault,
            { NeedsFetch: true } => await FetchAsync(token, inspection, cancellationToken),
            _ => await JudgeAsync(token, inspection, inspection.Keys, cancellationToken),
        };
    }

    private async ValueTask<TokenVerdict> FetchAsync(string token, TokenInspection inspection, CancellationToken cancellationToken)
    {
        var trusted = inspection.Plan!;
        var fetch = new KeyFetch(inspection.KeyId, inspection.Algorithm, inspection.Keys.Set, plan.Rules.UnknownKeyWait);
        var keys = await trusted.Source.FetchAsync(fetch, cancellationToken);
        if (keys.Status == KeyLookupStatus.Unavailable)
            return TokenVerdict.Unavailable(keys.RetryAfter);

        return plan.Issuers.AcceptsAnyIssuer || trusted.IsNamed(inspection.Issuer) == true
            ? await JudgeAsync(token, inspection, keys, cancellationToken)
            : JwksTokenFailure.Issuer;
    }

    private ValueTask<TokenVerdict> JudgeAsync(
        string token, TokenInspection inspection, KeyLookup keys, CancellationToken cancellationToken)
    {
        if (keys.Status != KeyLookupStatus.Found)
            return new(JwksTokenFailure.UnknownKey);
        if (!inspection.HasKeyId && !MayTry(keys.Keys))
            return new(JwksTokenFailure.AmbiguousKey);

        if (SignatureCheck.FindSigner(token, inspection.Algorithm, keys.Keys) is { } signer)
            return AcceptAsync(token, inspection, signer);

        return plan.Rules.RefetchesOnBadSignature && inspection.HasKeyId
            ? RetryAsync(token, inspection, keys, cancellationToken)
            : new(JwksTokenFailure.Signature);
    }

    // A token without a kid gives no hint; trying many keys for it would be work that its sender chooses.
    private bool MayTry(ImmutableArray<VerificationKey> keys) =>
        keys.Length == 1 || (plan.Rules.TriesSeveralKeys && keys.Length <= KeySet.MaximumChecksPerToken);

    private async ValueTask<TokenVerdict> RetryAsync(
        string token, TokenInspection inspection, KeyLookup tried, CancellationToken cancellationToken)
    {
        var fetch = new KeyFetch(inspection.KeyId, inspection.Algorithm, tried.Set, plan.Rules.UnknownKeyWait);
        var keys = await inspection.Plan!.Source.FetchAsync(fetch, cancellationToken);
        var changed = keys.Keys.RemoveRange(tried.Keys);
        return SignatureCheck.FindSigner(token, inspection.Algorithm, changed) is { } signer
            ? await AcceptAsync(token, inspection, signer)
            : JwksTokenFailure.Signature;
    }

    private ValueTask<TokenVerdict> AcceptAsync(string token, TokenInspection inspection, VerificationKey signer)
    {
        signer.MarkUsed(plan.Time.GetUtcNow());
        try
        {
            var parsed = new JsonWebToken(token);
            if (plan.HasApplicationValidators)
                return AcceptWithApplicationAsync(parsed, inspection, signer);

            var identity = handler.CreateIdentity(parsed, plan.Parameters);
            return new(TokenVerdict.Valid(new ValidatedToken(parsed, identity, signer, inspection.Plan!.Source, inspection.ExpiresAt)));
        }
        catch (Exception exception)
        {
            // The issuer signed a token that IdentityModel cannot read, or code of the application failed on it.
            return new(TokenVerdict.Refused(exception));
        }
    }
    private async ValueTask<TokenVerdict> AcceptWithApplicationAsync(
        JsonWebToken token, TokenInspection inspection, VerificationKey signer)
    {
        var result = await handler.ValidateByApplicationAsync(token, signer, plan.Parameters);
        return result.IsValid
            ? TokenVerdict.Valid(new ValidatedToken(token, result.ClaimsIdentity, signer, inspection.Plan!.Source, inspection.ExpiresAt))
            : TokenVerdict.Refused(result.Exception);
    }
}
