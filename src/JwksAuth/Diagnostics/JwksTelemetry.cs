using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Diagnostics;

/// <summary>The instruments of the process. Tags are fixed words and what the operator configured, never text from outside.</summary>
internal sealed class JwksTelemetry : IDisposable
{
    // From a local answer to the longest timeout that makes sense; the default buckets are meant for milliseconds.
    internal static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] };

        private readonly ConcurrentDictionary<string, RefusalTelemetry> _refusals = new(StringComparer.Ordinal);

    public JwksTelemetry(IMeterFactory meters, ILoggerFactory loggers)
    {
        Meter = meters.Create(JwksAuthDefaults.MeterName);
        Logger = loggers.CreateLogger("JwksAuth");
        SignatureChecks = Meter.CreateCounter<long>(JwksMetricNames.SignatureChecks, "{check}", "Keys tried for the signatures of tokens, by algorithm and outcome.");
        TokenCacheRequests = Meter.CreateCounter<long>(JwksMetricNames.TokenCacheRequests, "{token}", "Tokens looked up in the cache of validated tokens, by hit or miss.");
        RefusedTokens = Meter.CreateCounter<long>(JwksMetricNames.RefusedTokens, "{token}", "Tokens that a scheme did not accept, by reason.");
        Uses = Meter.CreateCounter<long>(JwksMetricNames.Uses, "{use}", "Uses of what may be used once, by kind and outcome.");
    }

    public ActivitySource Activities { get; } = new(JwksAuthDefaults.ActivitySourceName);

    public ILogger Logger { get; }

    /// <summary>The meter of the package, for instruments that only one room uses.</summary>
    public Meter Meter { get; }

    public Counter<long> SignatureChecks { get; }

    public Counter<long> TokenCacheRequests { get; }

    public Counter<long> Uses { get; }

    public Counter<long> RefusedTokens { get; }

    /// <summary>The counts of a scheme go on when its options change.</summary>
    public RefusalTelemetry ForRefusals(string scheme, TimeProvider time) =>
        _refusals.GetOrAdd(scheme, static (name, of) => new RefusalTelemetry(of.Self.RefusedTokens, of.Self.Logger, name, of.time), (Self: this, time));

    public void Dispose() => Activities.Dispose();
}
