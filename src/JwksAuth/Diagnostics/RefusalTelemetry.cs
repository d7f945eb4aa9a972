using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Diagnostics;

/// <summary>The refused tokens of one scheme, by reason: for the metric, the status page, and a log that a flood cannot fill.</summary>
internal sealed class RefusalTelemetry(Counter<long> counter, ILogger logger, string scheme, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Reason> _reasons = new(StringComparer.Ordinal);

    /// <summary>How many tokens were refused for each reason since the start.</summary>
    public IReadOnlyDictionary<string, long> Counts => _reasons
        .Where(reason => reason.Value.Count > 0)
        .OrderBy(reason => reason.Key, StringComparer.Ordinal)
        .ToDictionary(reason => reason.Key, reason => reason.Value.Count, StringComparer.Ordinal);

    /// <param name="reason">One of a fixed list of words.</param>
    public void Count(string reason)
    {
        Of(reason).Increment();
        if (counter.Enabled)
            counter.Add(1, new(JwksTagNames.Scheme, scheme), new(JwksTagNames.Reason, reason));
    }

    /// <summary>Whether an entry may be written: one every 10 seconds for each reason, so that junk of one kind cannot hide another kind.</summary>
    /// <param name="reason">One of a fixed list of words.</param>
    /// <param name="count">How many tokens the entry stands for.</param>
    public bool MayReport(string reason, out long count)
    {
        count = 0;
        return logger.IsEnabled(LogLevel.Information) && Of(reason).Gate.TryPass(out count);
    }

    /// <param name="reason">One of a fixed list of words.</param>
    /// <param name="count">How many tokens the entry stands for.</param>
    /// <param name="detail">Describes the last of them, with text from outside escaped and cut.</param>
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
