using System.Diagnostics;
using JwksAuth.Diagnostics;
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Keys;

/// <summary>
/// Reports one fetch to metrics, traces and logs. Their listeners are code of the application: when one of them throws, that must
/// not cost the keys.
/// </summary>
internal sealed class FetchReport(SourceTelemetry telemetry, TimeProvider time)
{
    private readonly long _startedAt = time.GetTimestamp();
    private Activity? _span;

    public static FetchReport Start(SourceTelemetry telemetry, FetchReason reason, TimeProvider time)
    {
        var report = new FetchReport(telemetry, time);
        Shield(() => report._span = telemetry.FetchStarted(reason));
        return report;
    }

    public void Complete(KeySetLoad load, JwksRefreshResult result) => Shield(() =>
    {
        using var span = _span;
        telemetry.FetchCompleted(span, load.Failure?.ToString() ?? result.Outcome.ToString(), load.Error, time.GetElapsedTime(_startedAt));
        if (result.Outcome == JwksRefreshOutcome.Changed)
            telemetry.KeysChanged(load.Document!.Set.Keys.Count, result.AddedKeyIds.Count, result.RemovedKeyIds.Count);
        foreach (var skipped in load.Skipped)
            telemetry.KeySkipped(skipped.KeyId, skipped.Reason.ToString());
    });

    private static void Shield(Action report)
    {
        try
        {
            report();
        }
        catch (Exception)
        {
            // The reporting itself is out of order: there is nobody left to tell.
        }
    }
}
