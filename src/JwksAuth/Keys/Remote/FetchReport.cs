using System.Diagnostics;
using JwksAuth.Foundation.Json;
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Keys.Remote;

/// <summary>Reports a fetch to metrics, traces and logs. Exceptions of the application's listeners must not cost the keys.</summary>
internal sealed class FetchReport(SourceTelemetry telemetry, JwksFetchReason reason, TimeProvider time)
{
    private readonly long _startedAt = time.GetTimestamp();
    private Activity? _span;

    public JwksFetchReason Reason => reason;

    public TimeSpan Elapsed => time.GetElapsedTime(_startedAt);

    public static FetchReport Start(SourceTelemetry telemetry, JwksFetchReason reason, TimeProvider time)
    {
        var report = new FetchReport(telemetry, reason, time);
        Shield(() => report._span = telemetry.FetchStarted(reason));
        return report;
    }

    public void Complete(KeySetLoad load, JwksRefreshResult result, int keysInForce, bool isIssuerConfirmed) => Shield(() =>
    {
        using var span = _span;
        telemetry.FetchCompleted(span, Describe(load, result) with { KeysInForce = keysInForce, IsIssuerConfirmed = isIssuerConfirmed });
    });

    private FetchSummary Describe(KeySetLoad load, JwksRefreshResult result) => new()
    {
        Reason = reason,
        Duration = Elapsed,
        Outcome = result.Outcome,
        ErrorType = load.Failure?.ToWord(),
        Error = load.Error,
        Added = result.AddedKeyIds.Count,
        Removed = result.RemovedKeyIds.Count,
        Skipped = [.. load.Skipped.Select(skipped => (skipped.KeyId, skipped.Reason.ToWord()))],
    };

    public static void Shield(Action report)
    {
        try
        {
            report();
        }
        catch (Exception)
        {
            // The reporting itself is broken, so this cannot be reported.
        }
    }
}
