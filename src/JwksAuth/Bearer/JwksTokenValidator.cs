using JwksAuth.Bearer.Configuration;
using JwksAuth.Bearer.Validation;
using Microsoft.Extensions.Options;

namespace JwksAuth.Bearer;

internal sealed class JwksTokenValidator(BearerPlans plans, IOptions<JwksSchemes> schemes) : IJwksTokenValidator
{
    public async ValueTask<JwksTokenResult> ValidateAsync(string token, string scheme, CancellationToken cancellationToken) =>
        new(await JudgeAsync(token, scheme, isProved: false, cancellationToken));

    public async ValueTask<JwksTokenResult> ValidateBoundAsync(string token, string scheme, CancellationToken cancellationToken) =>
        new(await JudgeAsync(token, scheme, isProved: true, cancellationToken));

    private async ValueTask<TokenVerdict> JudgeAsync(string token, string scheme, bool isProved, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(scheme);
        if (!schemes.Value.Names.Contains(scheme))
            throw new InvalidOperationException($"No scheme '{scheme}' was added with AddJwksBearer or AddJwksTokenValidator.");

        var plan = plans.Of(scheme);
        var verdict = await plan.Validator.ValidateAsync(token.AsMemory(), cancellationToken);
        if (!isProved)
            verdict = verdict.WithoutProof();
        verdict.Report(plan);
        return verdict;
    }
}
