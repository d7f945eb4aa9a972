using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace JwksAuth.Tests.Diagnostics;

/// <summary>The OpenTelemetry SDK, collecting the meter <c>JwksAuth</c> into memory.</summary>
public sealed class MeasuredMetrics : IDisposable
{
    private readonly InMemoryExporter _exporter = new();
    private readonly BaseExportingMetricReader _reader;
    private readonly MeterProvider _provider;

    public MeasuredMetrics()
    {
        _reader = new BaseExportingMetricReader(_exporter);
        _provider = Sdk.CreateMeterProviderBuilder().AddMeter(JwksAuthDefaults.MeterName).AddReader(_reader).Build();
    }

    /// <summary>All points of all instruments as they are now.</summary>
    public IReadOnlyList<MeasuredPoint> Collect()
    {
        Assert.True(_provider.ForceFlush());
        return _exporter.Points;
    }

    /// <summary>The value of one point; zero when there is none with exactly these tags.</summary>
    public double Read(string instrument, params (string Name, string Value)[] tags) =>
        Collect().SingleOrDefault(point => point.Instrument == instrument && point.Tags.SetEquals(tags.Select(tag => $"{tag.Name}={tag.Value}")))?.Value ?? 0;

    public void Dispose() => _provider.Dispose();

    private sealed class InMemoryExporter : BaseExporter<Metric>
    {
        public IReadOnlyList<MeasuredPoint> Points { get; private set; } = [];

        public override ExportResult Export(in Batch<Metric> batch)
        {
            var points = new List<MeasuredPoint>();
            foreach (var metric in batch)
            {
                foreach (ref readonly var point in metric.GetMetricPoints())
                    points.Add(new MeasuredPoint(metric.Name, metric.Unit, ValueOf(metric.MetricType, point), TagsOf(point)));
            }

            Points = points;
            return ExportResult.Success;
        }

        private static double ValueOf(MetricType type, in MetricPoint point) => type switch
        {
            MetricType.LongSum => point.GetSumLong(),
            MetricType.LongGauge => point.GetGaugeLastValueLong(),
            MetricType.DoubleGauge => point.GetGaugeLastValueDouble(),
            MetricType.Histogram => point.GetHistogramCount(),
            _ => throw new InvalidOperationException($"No instrument of the package is a {type}."),
        };

        private static HashSet<string> TagsOf(in MetricPoint point)
        {
            var tags = new HashSet<string>();
            foreach (var tag in point.Tags)
                tags.Add($"{tag.Key}={tag.Value}");
            return tags;
        }
    }
}

/// <param name="Instrument">Its name.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Value">The sum, the last value, or the count of a histogram.</param>
/// <param name="Tags">As <c>name=value</c>.</param>
public sealed record MeasuredPoint(string Instrument, string Unit, double Value, HashSet<string> Tags);
