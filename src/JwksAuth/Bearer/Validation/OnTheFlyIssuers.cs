using JwksAuth.Bearer.Issuers;

namespace JwksAuth.Bearer.Validation;

/// <summary>Asks the application's resolver for an issuer that is not configured.</summary>
/// <param name="resolver">The application's resolver.</param>
/// <param name="compile">Makes a plan of what it returned; null when that cannot be used.</param>
/// <param name="failed">Reports that the resolver itself failed.</param>
internal sealed class OnTheFlyIssuers(
    Func<string, CancellationToken, ValueTask<JwksIssuer?>> resolver, Func<JwksIssuer, IssuerPlan?> compile, Action<Exception> failed)
{
    /// <summary>The plan of the issuer; the issuer is not trusted, or its keys are out of reach, when there is none.</summary>
    public async ValueTask<(IssuerPlan? Plan, JwksTokenFailure? Failure)> FindAsync(string issuer, CancellationToken cancellationToken)
    {
        if (!IsStringOrUri(issuer))
            return (null, JwksTokenFailure.Issuer);

        JwksIssuer? resolved;
        try
        {
            resolved = await resolver(issuer, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            failed(exception);
            return (null, JwksTokenFailure.KeysUnavailable);
        }

        if (resolved is null)
            return (null, JwksTokenFailure.Issuer);

        if (compile(resolved) is not { } plan)
            return (null, JwksTokenFailure.KeysUnavailable);

        // What the resolver names must be what was asked for, or one tenant's keys could speak for another.
        return plan.IsNamed(issuer) == false ? (null, JwksTokenFailure.Issuer) : (plan, null);
    }

    // RFC 7519 sections 2 and 4.1.1: an issuer need not be an address, but what contains a colon must be a URI.
    private static bool IsStringOrUri(string issuer) =>
        issuer.Length > 0 && (!issuer.Contains(':') || Uri.TryCreate(issuer, UriKind.Absolute, out _));
}
