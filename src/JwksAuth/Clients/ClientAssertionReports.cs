using JwksAuth.Diagnostics;

namespace JwksAuth.Clients;

/// <summary>Tells the log what failed that is not the clients' fault, once in 10 seconds each.</summary>
internal sealed class ClientAssertionReports(JwksTelemetry telemetry, TimeProvider time)
{
    private readonly FloodGate _stores = new(time);
    private readonly FloodGate _replayCaches = new(time);

    public void StoreFailed(Exception exception)
    {
        if (_stores.TryPass(out var count))
            telemetry.Logger.ClientStoreFailed(count, exception);
    }

    public void ReplayCacheFailed(Exception exception)
    {
        if (_replayCaches.TryPass(out var count))
            telemetry.Logger.ReplayCacheFailed(count, exception);
    }
}
