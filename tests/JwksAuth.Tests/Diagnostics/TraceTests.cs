using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using JwksAuth.Testing;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace JwksAuth.Tests.Diagnostics;

[Collection(ProcessWideListeners.Name)]
public sealed class TraceTests
{
    private readonly FakeClock _clock = new();

    [Fact]
    public async Task Each_fetch_is_one_span_with_its_outcome()
    {
        using var spans = new RecordedSpans();
        await using var issuer = await TestIssuer.StartAsync(_clock);
        await using var api = await TestApi.StartAsync(issuer);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
        issuer.Respond(FakeResponse.Status(500));
        await api.Manager.RefreshAsync();

        Assert.Equal(
            [
                $"jwksauth.fetch Unset jwksauth.outcome=changed jwksauth.reason=start jwksauth.source={issuer.Issuer}",
                $"jwksauth.fetch Error error.type=status jwksauth.outcome=failed jwksauth.reason=operator jwksauth.source={issuer.Issuer}",
            ],
            spans.All);
    }

    [Fact]
    public async Task A_fetch_does_not_belong_to_the_trace_of_the_request_that_happened_to_start_it()
    {
        using var spans = new RecordedSpans();
        await using var issuer = await TestIssuer.StartAsync(_clock);
        await using var api = await TestApi.StartAsync(issuer);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));

        _clock.Advance(TimeSpan.FromSeconds(10));
        issuer.RotateKey();
        using var request = new Activity("request").Start();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));

        Assert.Equal(2, spans.TraceIds.Count);
        Assert.DoesNotContain(request.TraceId, spans.TraceIds);
    }

    private sealed class RecordedSpans : IDisposable
    {
        private readonly InMemoryExporter _exporter = new();
        private readonly TracerProvider _provider;

        public RecordedSpans()
        {
            var processor = new SimpleActivityExportProcessor(_exporter);
            _provider = Sdk.CreateTracerProviderBuilder().AddSource(JwksAuthDefaults.ActivitySourceName).AddProcessor(processor).Build();
        }

        public IEnumerable<string> All => _exporter.Spans.Select(Describe);

        public IReadOnlyList<ActivityTraceId> TraceIds => [.. _exporter.Spans.Select(span => span.TraceId)];

        public void Dispose() => _provider.Dispose();

        private static string Describe(Activity span) =>
            $"{span.DisplayName} {span.Status} {string.Join(' ', span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal))}";
    }

    private sealed class InMemoryExporter : BaseExporter<Activity>
    {
        public ConcurrentQueue<Activity> Spans { get; } = [];

        public override ExportResult Export(in Batch<Activity> batch)
        {
            foreach (var span in batch)
                Spans.Enqueue(span);
            return ExportResult.Success;
        }
    }
}
