using System.Security.Claims;
using JwksAuth.Keys;
using JwksAuth.Requests;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Bearer.Identity;

/// <summary>
/// Creates the identity of an accepted token with the code of IdentityModel, on every use of the token. It belongs to one plan, so a change
/// of options does not affect a token that is being judged.
/// </summary>
internal sealed class IdentityMaker : JsonWebTokenHandler
{
    private readonly IdentityRules _rules;

    public IdentityMaker(IdentityRules rules)
    {
        _rules = rules;
        MapInboundClaims = rules.Handler.MapInboundClaims;
        InboundClaimTypeMap = rules.Handler.InboundClaimTypeMap;
    }

    /// <summary>Stock validation calls this for an actor token. The plan of the outer token judges it.</summary>
    public override Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters) =>
        _rules.ValidateActor(token);

    /// <summary>Creates the identity of a valid token; null if the scheme requires a service provider and the token names none.</summary>
    public ClaimsIdentity? Create(JsonWebToken token) =>
        NameServiceProvider(CreateClaimsIdentity(token, _rules.Parameters, token.Issuer), token);

    /// <summary>Sets the claim that names the service provider; null if the scheme requires one and the token names none.</summary>
    public ClaimsIdentity? NameServiceProvider(ClaimsIdentity identity, JsonWebToken token)
    {
        var provider = _rules.ServiceProviderClaim is { } type
            ? ServiceProviderClaim.Find(token.Claims, type, _rules.AudienceSpellings)
            : null;
        ServiceProviderClaim.Set(identity, provider, token.Issuer);
        return provider is null && _rules.ServiceProviderClaim is not null ? null : identity;
    }

    /// <summary>
    /// Runs stock validation, for applications with delegates in their parameters. It gets only the key that verified the token, and the
    /// published configuration of the issuer. Time, issuer and audience are already validated, unless a delegate of the application does
    /// that. Stock validation verifies the signature again, unless the application replaces the platform's cryptography.
    /// </summary>
    public Task<TokenValidationResult> ValidateByApplicationAsync(JsonWebToken token, Acceptance acceptance)
    {
        var signer = acceptance.Key;
        var clone = _rules.Parameters.Clone();
        acceptance.Issuer.Publishes.HandOver(clone, signer);
        clone.LifetimeValidator ??= (_, _, _, _) => true;
        clone.IssuerValidator ??= (issuer, _, _) => issuer;
        clone.AudienceValidator ??= (_, _, _) => true;
        if (_rules.ReplacesSignatureCheck)
            LeaveSignatureAlone(clone, token, signer, _rules.Parameters);
        return ValidateTokenAsync(token, clone);
    }

    // Does what the stock signature check does besides verifying, for this token only.
    private static void LeaveSignatureAlone(
        TokenValidationParameters clone, JsonWebToken token, VerificationKey signer, TokenValidationParameters parameters) =>
        clone.SignatureValidator = (text, _) =>
        {
            if (text != token.EncodedToken)
                return null;

            Validators.ValidateAlgorithm(token.Alg, signer.SecurityKey, token, parameters);
            token.SigningKey = signer.SecurityKey;
            return token;
        };
}

/// <summary>How a plan creates the identities of its tokens.</summary>
internal sealed record IdentityRules(
    TokenValidationParameters Parameters, JsonWebTokenHandler Handler, bool ReplacesSignatureCheck,
    Func<string, Task<TokenValidationResult>> ValidateActor)
{
    /// <summary>The claim that names the service provider of a token; null requires none.</summary>
    public string? ServiceProviderClaim { get; init; }

    /// <summary>All audiences of this API, in all accepted spellings.</summary>
    public IReadOnlyList<string> AudienceSpellings { get; init; } = [];
}
