using JwksAuth.Diagnostics;

namespace JwksAuth.Replay;

/// <summary>Refuses tokens that any replica has seen before, or only this replica if the shared cache is unavailable.</summary>
internal sealed class FleetReplayCache(ISharedReplays shared, TimeProvider time, JwksTelemetry telemetry) : IJwksReplayCache
{
    // After a failure the shared cache is not used for this long, so that it delays few requests.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly MemoryReplayCache _own = new(time);
    private readonly long _start = time.GetTimestamp();
    private long _pausedUntil;
    private int _isFailing;

    public async ValueTask<JwksReplayResult> TryAddAsync(JwksReplayEntry entry, CancellationToken cancellationToken)
    {
        // The limits of this cache apply to the fleet, too: no sender can make replicas share more than they would store themselves.
        if (await _own.TryAddAsync(entry, cancellationToken) is var own and not JwksReplayResult.Added)
            return own;
        if (Now < Interlocked.Read(ref _pausedUntil))
            return JwksReplayResult.Added;

        using var limit = new CancellationTokenSource(shared.Timeout, time);
        try
        {
            var isNew = await shared.TryAddAsync(entry.Key, entry.Lifetime, limit.Token).WaitAsync(shared.Timeout, time, cancellationToken);
            Report(null);
            return isNew ? JwksReplayResult.Added : JwksReplayResult.Used;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Any database or cache may be behind this: none of its faults may fail a valid request.
            Interlocked.Exchange(ref _pausedUntil, Now + Pause.Ticks);
            Report(exception.GetType().Name);
            return JwksReplayResult.Added;
        }
    }

    private long Now => time.GetElapsedTime(_start).Ticks;

    private void Report(string? errorType)
    {
        var isFailing = errorType is null ? 0 : 1;
        if (Interlocked.Exchange(ref _isFailing, isFailing) == isFailing)
            return;
        if (errorType is null)
            telemetry.Logger.SharedReplaysAvailable();
        else
            telemetry.Logger.SharedReplaysUnavailable(errorType);
    }
}
