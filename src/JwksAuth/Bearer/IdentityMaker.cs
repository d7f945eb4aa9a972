using System.Security.Claims;
using JwksAuth.Keys;
using JwksAuth.Schemes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Bearer;

/// <summary>
/// Makes the identity of an accepted token with the code of IdentityModel, on every use of the token. It belongs to one plan: options that change
/// while a token is judged change nothing for that token.
/// </summary>
internal sealed class IdentityMaker : JsonWebTokenHandler
{
    private readonly BearerPlan _plan;

    /// <param name="plan">The plan that the identities belong to.</param>
    /// <param name="settings">The handler in the options, whose claim map applies.</param>
    public IdentityMaker(BearerPlan plan, JsonWebTokenHandler settings)
    {
        _plan = plan;
        MapInboundClaims = settings.MapInboundClaims;
        InboundClaimTypeMap = settings.InboundClaimTypeMap;
    }

    /// <summary>Stock validation asks this for the token of an actor; it is judged by the plan of the token that it was found in.</summary>
    public override Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters) =>
        JwksTokenHandler.ValidateAsync(token, _plan);

    /// <summary>The identity of a token whose checks have all passed; null if the scheme asks for a service provider and the token names none.</summary>
    public ClaimsIdentity? Create(JsonWebToken token) => NameServiceProvider(CreateClaimsIdentity(token, _plan.Parameters, token.Issuer), token);

    /// <summary>Sets the claim that names the service provider; null if the scheme asks for one and the token names none.</summary>
    public ClaimsIdentity? NameServiceProvider(ClaimsIdentity identity, JsonWebToken token)
    {
        var provider = _plan.ServiceProviderClaim is { } type ? ServiceProviderClaim.Find(token.Claims, type, _plan.AudienceSpellings) : null;
        ServiceProviderClaim.Set(identity, provider, token.Issuer);
        return provider is null && _plan.ServiceProviderClaim is not null ? null : identity;
    }

    /// <summary>
    /// The stock validation, for applications whose parameters have delegates of their own. It gets exactly the key that
    /// verified the token, and what its issuer publishes; time, issuer and audience have been judged, unless a delegate of the application
    /// judges them.
    /// It verifies the signature again, unless the application does that without the platform's cryptography.
    /// </summary>
    public Task<TokenValidationResult> ValidateByApplicationAsync(JsonWebToken token, Acceptance acceptance)
    {
        var signer = acceptance.Key;
        var clone = _plan.Parameters.Clone();
        acceptance.Issuer.Publishes.HandOver(clone, signer);
        clone.LifetimeValidator ??= (_, _, _, _) => true;
        clone.IssuerValidator ??= (issuer, _, _) => issuer;
        clone.AudienceValidator ??= (_, _, _) => true;
        if (_plan.SignatureCheck.IsReplaced)
            LeaveSignatureAlone(clone, token, signer, _plan.Parameters);
        return ValidateTokenAsync(token, clone);
    }

    // What the stock check of a signature does besides, and for this very token only.
    private static void LeaveSignatureAlone(TokenValidationParameters clone, JsonWebToken token, VerificationKey signer, TokenValidationParameters parameters) =>
        clone.SignatureValidator = (text, _) =>
        {
            if (text != token.EncodedToken)
                return null;

            Validators.ValidateAlgorithm(token.Alg, signer.SecurityKey, token, parameters);
            token.SigningKey = signer.SecurityKey;
            return token;
        };
}
