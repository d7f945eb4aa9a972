using JwksAuth.Operations.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a health check of verification keys.</summary>
public static class JwksHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a health check that reads only memory. Healthy: all keys are fresh. Degraded: fetches fail and the previous keys remain in use.
    /// Unhealthy: an issuer has no keys or expired ones, or a scheme or the key ring is misconfigured. Show the description and the data
    /// only to operators: they name the issuer and the reason.
    /// </summary>
    /// <param name="name">The name of the check.</param>
    /// <param name="failureStatus">The status to report instead of Unhealthy; null for Unhealthy.</param>
    /// <param name="tags">Tags for filtering checks; null for none.</param>
    public static IHealthChecksBuilder AddJwksAuth(
        this IHealthChecksBuilder builder, string name = "jwksauth", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return builder.AddCheck<JwksHealthCheck>(name, failureStatus, tags ?? []);
    }
}
