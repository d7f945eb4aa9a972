using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Diagnostics;

/// <summary>The instruments of the process. Tag values are fixed words or configured names, never input.</summary>
internal sealed class JwksTelemetry : IDisposable
{
    // Covers a local response up to the longest sensible timeout; the default buckets assume milliseconds.
    internal static readonly InstrumentAdvice<double> Seconds =
        new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] };

    private readonly ConcurrentDictionary<string, RefusalTelemetry> _refusals = new(StringComparer.Ordinal);

    public JwksTelemetry(IMeterFactory meters, ILoggerFactory loggers)
    {
        Meter = meters.Create(JwksAuthDefaults.MeterName);
        Logger = loggers.CreateLogger("JwksAuth");
        SignatureChecks = Meter.CreateCounter<long>(
            JwksMetricNames.SignatureChecks, "{check}", "Keys tried on token signatures, by algorithm and outcome.");
        TokenCacheRequests = Meter.CreateCounter<long>(
            JwksMetricNames.TokenCacheRequests, "{token}", "Lookups in the cache of validated tokens, by outcome.");
        RefusedTokens = Meter.CreateCounter<long>(JwksMetricNames.RefusedTokens, "{token}", "Rejected tokens, by reason.");
        Uses = Meter.CreateCounter<long>(JwksMetricNames.Uses, "{use}", "Uses of single-use tokens and proofs, by kind and outcome.");
    }

    public ActivitySource Activities { get; } = new(JwksAuthDefaults.ActivitySourceName);

    public ILogger Logger { get; }

    public Meter Meter { get; }

    public Counter<long> SignatureChecks { get; }

    public Counter<long> TokenCacheRequests { get; }

    public Counter<long> Uses { get; }

    public Counter<long> RefusedTokens { get; }

    public RefusalTelemetry ForRefusals(string scheme, TimeProvider time) =>
        _refusals.GetOrAdd(
            scheme, static (name, of) => new RefusalTelemetry(of.Self.RefusedTokens, of.Self.Logger, name, of.time), (Self: this, time));

    public void Dispose() => Activities.Dispose();
}
