using JwksAuth.Operations.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a health check of verification keys.</summary>
public static class JwksHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a check that answers from memory: Healthy while all keys are fresh; Degraded while fetches fail and the keys known before are in
    /// force; Unhealthy when there are none, when they are too old, or when a scheme or the key ring is not configured. The description and the
    /// data name the issuer and the reason, and so are for operators only.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="failureStatus">What is reported in place of Unhealthy; null reports Unhealthy.</param>
    /// <param name="tags">Tags to filter checks by; null for none.</param>
    /// <returns>The health checks.</returns>
    public static IHealthChecksBuilder AddJwksAuth(
        this IHealthChecksBuilder builder, string name = "jwksauth", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return builder.AddCheck<JwksHealthCheck>(name, failureStatus, tags ?? []);
    }
}
