using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JwksAuth.Diagnostics;

/// <summary>The services that every part of the package stands on.</summary>
internal static class TelemetryServices
{
    /// <summary>Adds what is measured, logged and timed with, unless the application brought its own.</summary>
    public static void AddJwksTelemetry(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<JwksTelemetry>();
    }
}
