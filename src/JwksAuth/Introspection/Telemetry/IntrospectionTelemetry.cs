using System.Diagnostics.Metrics;
using JwksAuth.Diagnostics;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Introspection.Telemetry;

internal sealed class IntrospectionTelemetry
{
    public IntrospectionTelemetry(IMeterFactory meters, ILoggerFactory loggers)
    {
        var meter = meters.Create(JwksAuthDefaults.MeterName);
        Logger = loggers.CreateLogger("JwksAuth");
        Introspections = meter.CreateCounter<long>(
            JwksMetricNames.Introspections, "{introspection}", "Introspection requests, by outcome.");
        Duration = meter.CreateHistogram(
            JwksMetricNames.IntrospectionDuration, "s", "Duration of introspection requests.", tags: null, JwksTelemetry.Seconds);
        CacheRequests = meter.CreateCounter<long>(
            JwksMetricNames.IntrospectionCacheRequests, "{token}", "Lookups in the cache of introspection responses, by outcome.");
    }

    public ILogger Logger { get; }

    public Counter<long> Introspections { get; }

    public Histogram<double> Duration { get; }

    public Counter<long> CacheRequests { get; }

    public IntrospectionReport ForScheme(string scheme, TimeProvider time) => new(this, scheme, time);
}
