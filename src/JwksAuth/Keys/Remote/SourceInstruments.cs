using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using JwksAuth.Diagnostics;

namespace JwksAuth.Keys.Remote;

internal sealed class SourceInstruments
{
    private readonly ConcurrentDictionary<SourceTelemetry, Func<KeySetReading?>> _sources = [];
    private FloodGate? _resolvedOutages;

    public SourceInstruments(JwksTelemetry telemetry)
    {
        Telemetry = telemetry;
        var meter = telemetry.Meter;
        Fetches = meter.CreateCounter<long>(JwksMetricNames.Fetches, "{fetch}", "Key set fetches, by outcome.");
        FetchDuration = meter.CreateHistogram(
            JwksMetricNames.FetchDuration, "s", "Duration of key set fetches.", tags: null, JwksTelemetry.Seconds);
        UnknownKeys = meter.CreateCounter<long>(
            JwksMetricNames.UnknownKeys, "{token}", "Tokens whose key was not in memory, by decision.");
        SkippedKeys = meter.CreateCounter<long>(JwksMetricNames.SkippedKeys, "{key}", "Published keys that cannot be used, by reason.");
        meter.CreateObservableGauge(JwksMetricNames.KeySetAge, MeasureAges, "s", "Time since the last successful fetch of a key set.");
        meter.CreateObservableGauge(JwksMetricNames.KeySetSize, MeasureSizes, "{key}", "Keys in use.");
    }

    public JwksTelemetry Telemetry { get; }

    public Counter<long> Fetches { get; }

    public Histogram<double> FetchDuration { get; }

    public Counter<long> UnknownKeys { get; }

    public Counter<long> SkippedKeys { get; }

    /// <summary>Limits the log messages about failing issuers found at run time, for all of them together.</summary>
    public FloodGate ResolvedOutages(TimeProvider time) =>
        LazyInitializer.EnsureInitialized(ref _resolvedOutages, () => new FloodGate(time))!;

    /// <summary>Adds a source to the gauges until it is removed.</summary>
    public void Observe(SourceTelemetry source, Func<KeySetReading?> read) => _sources[source] = read;

    public void Remove(SourceTelemetry source) => _sources.TryRemove(source, out _);

    private IEnumerable<Measurement<double>> MeasureAges() =>
        from source in ReadSources()
        let ages = source.Select(reading => reading.Age).OfType<TimeSpan>().ToList()
        where ages.Count > 0
        select new Measurement<double>(ages.Max().TotalSeconds, Tag(source.Key));

    private IEnumerable<Measurement<int>> MeasureSizes() =>
        ReadSources().Select(source => new Measurement<int>(source.Sum(reading => reading.Size), Tag(source.Key)));

    // Sources may share a tag, but a gauge reports a tag once: with the age of the oldest set and the sum of the keys.
    private IEnumerable<IGrouping<string, KeySetReading>> ReadSources() =>
        from source in _sources
        let reading = source.Value()
        where reading is not null
        group reading.Value by source.Key.Tag;

    private static KeyValuePair<string, object?> Tag(string source) => new(JwksTagNames.Source, source);
}

/// <param name="Age">The time since the last successful fetch; null before the first.</param>
internal readonly record struct KeySetReading(int Size, TimeSpan? Age);
