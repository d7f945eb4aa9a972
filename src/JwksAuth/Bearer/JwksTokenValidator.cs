using Microsoft.Extensions.Options;

namespace JwksAuth.Bearer;

internal sealed class JwksTokenValidator(BearerPlans plans, IOptions<JwksSchemes> schemes) : IJwksTokenValidator
{
    public async ValueTask<JwksTokenResult> ValidateAsync(string token, string scheme, CancellationToken cancellationToken) =>
        new((await JudgeAsync(token, scheme, cancellationToken)).WithoutProof());

    public async ValueTask<JwksTokenResult> ValidateBoundAsync(string token, string scheme, CancellationToken cancellationToken) =>
        new(await JudgeAsync(token, scheme, cancellationToken));

    private ValueTask<TokenVerdict> JudgeAsync(string token, string scheme, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(scheme);
        if (!schemes.Value.Names.Contains(scheme))
            throw new InvalidOperationException($"No scheme '{scheme}' was added with AddJwksBearer or AddJwksTokenValidator.");

        return plans.Of(scheme).Validator.ValidateAsync(token.AsMemory(), cancellationToken);
    }
}
