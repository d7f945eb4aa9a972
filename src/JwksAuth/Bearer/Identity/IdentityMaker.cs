using System.Security.Claims;
using JwksAuth.Keys;
using JwksAuth.Requests;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Bearer.Identity;

/// <summary>
/// Makes the identity of an accepted token with the code of IdentityModel, on every use of the token. It belongs to one plan: options that change
/// while a token is judged change nothing for that token.
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

    /// <summary>Stock validation asks this for the token of an actor; it is judged by the plan of the token that it was found in.</summary>
    public override Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters) =>
        _rules.ValidateActor(token);

    /// <summary>The identity of a token whose checks have all passed; null if the scheme asks for a service provider and the token names none.</summary>
    public ClaimsIdentity? Create(JsonWebToken token) => NameServiceProvider(CreateClaimsIdentity(token, _rules.Parameters, token.Issuer), token);

    /// <summary>Sets the claim that names the service provider; null if the scheme asks for one and the token names none.</summary>
    public ClaimsIdentity? NameServiceProvider(ClaimsIdentity identity, JsonWebToken token)
    {
        var provider = _rules.ServiceProviderClaim is { } type ? ServiceProviderClaim.Find(token.Claims, type, _rules.AudienceSpellings) : null;
        ServiceProviderClaim.Set(identity, provider, token.Issuer);
        return provider is null && _rules.ServiceProviderClaim is not null ? null : identity;
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
        var clone = _rules.Parameters.Clone();
        acceptance.Issuer.Publishes.HandOver(clone, signer);
        clone.LifetimeValidator ??= (_, _, _, _) => true;
        clone.IssuerValidator ??= (issuer, _, _) => issuer;
        clone.AudienceValidator ??= (_, _, _) => true;
        if (_rules.ReplacesSignatureCheck)
            LeaveSignatureAlone(clone, token, signer, _rules.Parameters);
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

/// <summary>What a plan states about the identities of its tokens.</summary>
/// <param name="Parameters">The application's own parameters.</param>
/// <param name="Handler">The token handler in the options, whose claim map applies.</param>
/// <param name="ReplacesSignatureCheck">Whether the application verifies signatures without the platform's cryptography.</param>
/// <param name="ValidateActor">Judges the token of an actor.</param>
internal sealed record IdentityRules(
    TokenValidationParameters Parameters, JsonWebTokenHandler Handler, bool ReplacesSignatureCheck, Func<string, Task<TokenValidationResult>> ValidateActor)
{
    /// <summary>The claim that names the service provider of a token; null asks for none.</summary>
    public string? ServiceProviderClaim { get; init; }

    /// <summary>Every audience of this API, in every spelling that is accepted.</summary>
    public IReadOnlyList<string> AudienceSpellings { get; init; } = [];
}
