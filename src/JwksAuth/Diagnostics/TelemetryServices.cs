using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JwksAuth.Diagnostics;

internal static class TelemetryServices
{
    /// <summary>Adds metrics, logging and the clock, unless the application has registered its own.</summary>
    public static void AddJwksTelemetry(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<JwksTelemetry>();
    }
}
