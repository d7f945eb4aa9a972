using JwksAuth.Diagnostics;
using JwksAuth.Jose;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests;

/// <summary>Signature checks without a scheme.</summary>
internal static class SignatureChecks
{
    /// <summary>A check by this verifier; null is the platform's cryptography.</summary>
    public static SignatureCheck Create(IJwksSignatureVerifier? verifier = null)
    {
        var services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton(TimeProvider.System).AddSingleton<JwksTelemetry>().AddSingleton<SignatureCheck>();
        if (verifier is not null)
            services.AddSingleton(verifier);
        return services.BuildServiceProvider().GetRequiredService<SignatureCheck>();
    }
}
