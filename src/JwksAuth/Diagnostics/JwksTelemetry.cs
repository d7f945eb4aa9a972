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

    private readonly Meter _meter;
    private FloodGate? _resolvedOutages;
    private readonly ConcurrentDictionary<string, RefusalTelemetry> _refusals = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<SourceTelemetry, Func<KeySetReading?>> _sources = [];

    public JwksTelemetry(IMeterFactory meters, ILoggerFactory loggers)
    {
        _meter = meters.Create(JwksAuthDefaults.MeterName);
        Logger = loggers.CreateLogger("JwksAuth");
        Fetches = _meter.CreateCounter<long>(JwksMetricNames.Fetches, "{fetch}", "Fetches of key sets, by outcome.");
        FetchDuration = _meter.CreateHistogram(JwksMetricNames.FetchDuration, "s", "How long fetches of key sets took.", tags: null, Seconds);
        UnknownKeys = _meter.CreateCounter<long>(JwksMetricNames.UnknownKeys, "{token}", "Tokens whose key was not in memory, by what was decided.");
        SkippedKeys = _meter.CreateCounter<long>(JwksMetricNames.SkippedKeys, "{key}", "Published keys that are not used, by reason.");
        _meter.CreateObservableGauge(JwksMetricNames.KeySetAge, MeasureAges, "s", "Time since the last good fetch of a key set.");
        _meter.CreateObservableGauge(JwksMetricNames.KeySetSize, MeasureSizes, "{key}", "Keys in force.");
        SignatureChecks = _meter.CreateCounter<long>(JwksMetricNames.SignatureChecks, "{check}", "Keys tried for the signatures of tokens, by algorithm and outcome.");
        TokenCacheRequests = _meter.CreateCounter<long>(JwksMetricNames.TokenCacheRequests, "{token}", "Tokens looked up in the cache of validated tokens, by hit or miss.");
        RefusedTokens = _meter.CreateCounter<long>(JwksMetricNames.RefusedTokens, "{token}", "Tokens that a scheme did not accept, by reason.");
        Uses = _meter.CreateCounter<long>(JwksMetricNames.Uses, "{use}", "Uses of what may be used once, by kind and outcome.");
    }

    public ActivitySource Activities { get; } = new(JwksAuthDefaults.ActivitySourceName);

    public ILogger Logger { get; }

    public Counter<long> Fetches { get; }

    public Histogram<double> FetchDuration { get; }

    public Counter<long> UnknownKeys { get; }

    public Counter<long> SkippedKeys { get; }

    public Counter<long> SignatureChecks { get; }

    public Counter<long> TokenCacheRequests { get; }

    public Counter<long> Uses { get; }

    public Counter<long> RefusedTokens { get; }

    public SignatureTelemetry ForSignatures(string scheme) => new(SignatureChecks, scheme);

    /// <summary>The counts of a scheme go on when its options change.</summary>
    public RefusalTelemetry ForRefusals(string scheme, TimeProvider time) =>
        _refusals.GetOrAdd(scheme, static (name, of) => new RefusalTelemetry(of.Self.RefusedTokens, of.Self.Logger, name, of.time), (Self: this, time));

    public TokenCacheTelemetry ForTokenCache(string scheme) => new(TokenCacheRequests, scheme);

    /// <param name="source">The issuer, or the address if only that is known.</param>
    /// <param name="isResolved">Whether a resolver named it at run time.</param>
    /// <param name="time">The clock of the source.</param>
    public SourceTelemetry ForSource(string source, bool isResolved, TimeProvider time) => new(this, source, time) { IsResolved = isResolved };

    /// <summary>The one place in the log for failing issuers that are known only at run time.</summary>
    public FloodGate ResolvedOutages(TimeProvider time) => LazyInitializer.EnsureInitialized(ref _resolvedOutages, () => new FloodGate(time))!;

    /// <summary>Reads the key set of the source whenever the gauges are collected, until it is removed.</summary>
    public void Observe(SourceTelemetry source, Func<KeySetReading?> read) => _sources[source] = read;

    public void Remove(SourceTelemetry source) => _sources.TryRemove(source, out _);

    public void Dispose() => Activities.Dispose();

    private IEnumerable<Measurement<double>> MeasureAges() =>
        from source in ReadSources()
        let ages = source.Select(reading => reading.Age).OfType<TimeSpan>().ToList()
        where ages.Count > 0
        select new Measurement<double>(ages.Max().TotalSeconds, Tag(source.Key));

    private IEnumerable<Measurement<int>> MeasureSizes() =>
        ReadSources().Select(source => new Measurement<int>(source.Sum(reading => reading.Size), Tag(source.Key)));

    // Two sources may share a tag, and a gauge may not report one tag twice: the oldest set and the sum of the keys stand for them.
    private IEnumerable<IGrouping<string, KeySetReading>> ReadSources() =>
        from source in _sources
        let reading = source.Value()
        where reading is not null
        group reading.Value by source.Key.Tag;

    private static KeyValuePair<string, object?> Tag(string source) => new(JwksTagNames.Source, source);
}

/// <summary>What the gauges show of one source.</summary>
/// <param name="Size">How many keys are in force.</param>
/// <param name="Age">The time since the last good fetch; null before the first.</param>
internal readonly record struct KeySetReading(int Size, TimeSpan? Age);
