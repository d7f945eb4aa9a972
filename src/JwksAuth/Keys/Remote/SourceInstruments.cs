using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using JwksAuth.Diagnostics;

namespace JwksAuth.Keys.Remote;

/// <summary>The instruments of all sources of keys.</summary>
internal sealed class SourceInstruments
{
    private readonly ConcurrentDictionary<SourceTelemetry, Func<KeySetReading?>> _sources = [];
    private FloodGate? _resolvedOutages;

    public SourceInstruments(JwksTelemetry telemetry)
    {
        Telemetry = telemetry;
        var meter = telemetry.Meter;
        Fetches = meter.CreateCounter<long>(JwksMetricNames.Fetches, "{fetch}", "Fetches of key sets, by outcome.");
        FetchDuration = meter.CreateHistogram(JwksMetricNames.FetchDuration, "s", "How long fetches of key sets took.", tags: null, JwksTelemetry.Seconds);
        UnknownKeys = meter.CreateCounter<long>(JwksMetricNames.UnknownKeys, "{token}", "Tokens whose key was not in memory, by what was decided.");
        SkippedKeys = meter.CreateCounter<long>(JwksMetricNames.SkippedKeys, "{key}", "Published keys that are not used, by reason.");
        meter.CreateObservableGauge(JwksMetricNames.KeySetAge, MeasureAges, "s", "Time since the last good fetch of a key set.");
        meter.CreateObservableGauge(JwksMetricNames.KeySetSize, MeasureSizes, "{key}", "Keys in force.");
    }

    public JwksTelemetry Telemetry { get; }

    public Counter<long> Fetches { get; }

    public Histogram<double> FetchDuration { get; }

    public Counter<long> UnknownKeys { get; }

    public Counter<long> SkippedKeys { get; }

    /// <summary>The one place in the log for failing issuers that are known only at run time.</summary>
    public FloodGate ResolvedOutages(TimeProvider time) => LazyInitializer.EnsureInitialized(ref _resolvedOutages, () => new FloodGate(time))!;

    /// <summary>Reads the key set of the source whenever the gauges are collected, until it is removed.</summary>
    public void Observe(SourceTelemetry source, Func<KeySetReading?> read) => _sources[source] = read;

    public void Remove(SourceTelemetry source) => _sources.TryRemove(source, out _);

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
