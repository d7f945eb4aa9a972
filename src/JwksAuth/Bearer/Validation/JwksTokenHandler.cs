using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Bearer.Validation;

/// <summary>
/// The only token handler in the options of JwtBearer. Code that validates with it gets the verdict of the scheme. It sees a token without
/// its request, so it refuses every token that is bound to a key.
/// </summary>
internal sealed class JwksTokenHandler(Func<BearerPlan> plan) : JsonWebTokenHandler
{
    public static async Task<TokenValidationResult> ValidateAsync(string token, BearerPlan plan)
    {
        var verdict = (await plan.Validator.ValidateAsync(token.AsMemory(), CancellationToken.None)).WithoutProof();
        verdict.Report(plan);
        return verdict.IsValid
            ? new TokenValidationResult
            {
                IsValid = true,
                ClaimsIdentity = verdict.Identity,
                SecurityToken = verdict.Token.Token,
                Issuer = verdict.Token.Token.Issuer,
                TokenType = verdict.Token.Token.Typ,
            }
            : new TokenValidationResult { IsValid = false, Exception = verdict.ToException(plan) };
    }

    /// <summary>Validates by the options of the scheme. The given parameters are ignored, because they name no keys.</summary>
    public override Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters) =>
        ValidateAsync(token, plan());

    /// <summary>Validates the text of the token by the same rules, because a parsed token is not a validated one.</summary>
    public override Task<TokenValidationResult> ValidateTokenAsync(SecurityToken token, TokenValidationParameters validationParameters) =>
        ValidateTokenAsync(token.UnsafeToString(), validationParameters);
}
