using System.Security.Claims;
using JwksAuth.Keys;
using JwksAuth.Schemes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Bearer;

/// <summary>
/// The hook into JwtBearer: the only token handler of the scheme. Whoever validates through it, the authentication handler or code that
/// looks into the options, gets the same verdict.
/// </summary>
internal sealed class JwksTokenHandler(Func<BearerPlan> plan) : JsonWebTokenHandler
{
    /// <summary>Validates by the scheme's options; the parameters given are not looked at, because they name no keys.</summary>
    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        var verdict = await plan().Validator.ValidateAsync(token.AsMemory(), CancellationToken.None);
        return verdict.Token is { } valid
            ? new TokenValidationResult
            {
                IsValid = true,
                ClaimsIdentity = verdict.Identity,
                SecurityToken = valid.Token,
                Issuer = valid.Token.Issuer,
                TokenType = valid.Token.Typ,
            }
            : new TokenValidationResult { IsValid = false, Exception = verdict.ToException() };
    }

    /// <summary>The identity of a token whose every check has passed.</summary>
    public ClaimsIdentity CreateIdentity(JsonWebToken token, TokenValidationParameters parameters)
    {
        var identity = CreateClaimsIdentity(token, parameters, token.Issuer);
        NameServiceProvider(identity, token);
        return identity;
    }

    /// <summary>Says in a claim which service provider the token was issued to, if the scheme asks for one.</summary>
    public void NameServiceProvider(ClaimsIdentity identity, JsonWebToken token)
    {
        var current = plan();
        var provider = current.ServiceProviderClaim is { } type ? ServiceProviderClaim.Find(token.Claims, type, current.Audiences) : null;
        ServiceProviderClaim.Set(identity, provider, token.Issuer);
    }

    /// <summary>
    /// The stock validation, for applications whose parameters have delegates of their own. It gets exactly the key that
    /// verified the token; time, issuer and audience have been judged, unless a delegate of the application judges them.
    /// It verifies the signature again, unless the application does that without the platform's cryptography.
    /// </summary>
    public Task<TokenValidationResult> ValidateByApplicationAsync(
        JsonWebToken token, VerificationKey signer, TokenValidationParameters parameters)
    {
        var clone = parameters.Clone();
        clone.IssuerSigningKeys = [signer.SecurityKey];
        clone.TryAllIssuerSigningKeys = true;
        clone.ConfigurationManager = null;
        clone.LifetimeValidator ??= (_, _, _, _) => true;
        clone.IssuerValidator ??= (issuer, _, _) => issuer;
        clone.AudienceValidator ??= (_, _, _) => true;
        if (plan().SignatureCheck.IsReplaced)
            LeaveSignatureAlone(clone, token, signer, parameters);
        return base.ValidateTokenAsync(token, clone);
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
