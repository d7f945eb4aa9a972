using JwksAuth.Bearer.Issuers;

namespace JwksAuth.Bearer.Validation;

/// <summary>Asks the application's resolver for an issuer that is not configured.</summary>
internal sealed class OnTheFlyIssuers(
    Func<string, CancellationToken, ValueTask<JwksIssuer?>> resolver, Func<JwksIssuer, IssuerPlan?> compile, Action<Exception> failed)
{
    /// <summary>Finds the plan of the issuer. Without one, the issuer is not trusted, or its keys are unavailable.</summary>
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

        // The resolver must return the requested issuer; otherwise keys of one tenant could sign for another.
        return plan.IsNamed(issuer) == false ? (null, JwksTokenFailure.Issuer) : (plan, null);
    }

    // RFC 7519 sections 2 and 4.1.1: an issuer need not be an address, but a text with a colon must be a URI.
    private static bool IsStringOrUri(string issuer) =>
        issuer.Length > 0 && (!issuer.Contains(':') || Uri.TryCreate(issuer, UriKind.Absolute, out _));
}
