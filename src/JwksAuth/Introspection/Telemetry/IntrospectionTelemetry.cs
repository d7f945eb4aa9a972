using System.Diagnostics.Metrics;
using JwksAuth.Diagnostics;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Introspection.Telemetry;

/// <summary>The instruments of introspection.</summary>
internal sealed class IntrospectionTelemetry
{
    public IntrospectionTelemetry(IMeterFactory meters, ILoggerFactory loggers)
    {
        var meter = meters.Create(JwksAuthDefaults.MeterName);
        Logger = loggers.CreateLogger("JwksAuth");
        Introspections = meter.CreateCounter<long>(JwksMetricNames.Introspections, "{introspection}", "Questions to authorization servers about tokens, by outcome.");
        Duration = meter.CreateHistogram(JwksMetricNames.IntrospectionDuration, "s", "How long questions to authorization servers took.", tags: null, JwksTelemetry.Seconds);
        CacheRequests = meter.CreateCounter<long>(JwksMetricNames.IntrospectionCacheRequests, "{token}", "Tokens looked up in the cache of introspected tokens, by hit or miss.");
    }

    public ILogger Logger { get; }

    public Counter<long> Introspections { get; }

    public Histogram<double> Duration { get; }

    public Counter<long> CacheRequests { get; }

    public IntrospectionReport ForScheme(string scheme, TimeProvider time) => new(this, scheme, time);
}
