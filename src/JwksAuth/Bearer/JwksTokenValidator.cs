using Microsoft.Extensions.Options;

namespace JwksAuth.Bearer;

internal sealed class JwksTokenValidator(BearerPlans plans, IOptions<JwksSchemes> schemes) : IJwksTokenValidator
{
    public async ValueTask<JwksTokenResult> ValidateAsync(string token, string scheme, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(scheme);
        if (!schemes.Value.Names.Contains(scheme))
            throw new InvalidOperationException($"No scheme '{scheme}' was added with AddJwksBearer or AddJwksTokenValidator.");

        return new JwksTokenResult(await plans.Of(scheme).Validator.ValidateAsync(token.AsMemory(), cancellationToken));
    }
}
