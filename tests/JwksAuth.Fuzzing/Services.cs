using JwksAuth.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace JwksAuth.Fuzzing;

/// <summary>The services of an application without a host, so nothing runs in the background.</summary>
internal static class Services
{
    public static ServiceProvider Build(Action<IServiceCollection> configure)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMetrics();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton<TimeProvider>(FixedTime.Instance);
        services.AddSingleton<IJwksReplayCache, ForgetfulReplayCache>();
        configure(services);
        return services.BuildServiceProvider();
    }

    public static JwksTelemetry Telemetry()
    {
        var services = new ServiceCollection();
        services.AddMetrics();
        return new JwksTelemetry(services.BuildServiceProvider().GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), NullLoggerFactory.Instance);
    }
}
