using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Diagnostics;

/// <summary>The rejected tokens of one scheme by reason, for the metric, the status page and a rate-limited log.</summary>
internal sealed class RefusalTelemetry(Counter<long> counter, ILogger logger, string scheme, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Reason> _reasons = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, long> Counts => _reasons
        .Where(reason => reason.Value.Count > 0)
        .OrderBy(reason => reason.Key, StringComparer.Ordinal)
        .ToDictionary(reason => reason.Key, reason => reason.Value.Count, StringComparer.Ordinal);

    public void Count(string reason)
    {
        Of(reason).Increment();
        if (counter.Enabled)
            counter.Add(1, new(JwksTagNames.Scheme, scheme), new(JwksTagNames.Reason, reason));
    }

    /// <summary>Whether to write a log entry: one every 10 seconds for each reason, so that one kind of junk cannot hide another.</summary>
    public bool MayReport(string reason, out long count)
    {
        count = 0;
        return logger.IsEnabled(LogLevel.Information) && Of(reason).Gate.TryPass(out count);
    }

    /// <param name="detail">A description of the last token, with input escaped and truncated.</param>
    public void Report(string reason, long count, string detail) => logger.TokensRefused(scheme, count, reason, detail);

    private Reason Of(string reason) => _reasons.GetOrAdd(reason, static (_, time) => new Reason(time), time);

    private sealed class Reason(TimeProvider time)
    {
        private long _count;

        public FloodGate Gate { get; } = new(time);

        public long Count => Volatile.Read(ref _count);

        public void Increment() => Interlocked.Increment(ref _count);
    }
}
