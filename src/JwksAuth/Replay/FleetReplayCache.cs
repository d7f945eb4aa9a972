
using JwksAuth.Diagnostics;

namespace JwksAuth.Replay;

/// <summary>
/// Refuses what this replica or another has seen before. Where the others cannot be asked, it is as good as a replica that is alone: it refuses what it
/// has seen itself.
/// </summary>
internal sealed class FleetReplayCache(ISharedReplays shared, TimeProvider time, JwksTelemetry telemetry) : IJwksReplayCache
{
    // Whatever hangs is not asked again for so long, so that it delays a few requests and not all of them.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly MemoryReplayCache _own = new(time);
    private readonly long _start = time.GetTimestamp();
    private long _pausedUntil;
    private int _isFailing;

    public async ValueTask<JwksReplayResult> TryAddAsync(JwksReplayEntry entry, CancellationToken cancellationToken)
    {
        // Its bounds are those of the fleet, too: no sender can make replicas share more than they would remember themselves.
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
            // Databases and caches of every kind stand behind this: none of their faults may cost a good request.
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
