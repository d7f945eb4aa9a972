using JwksAuth.Diagnostics;

namespace JwksAuth.Keys.Registry;

/// <summary>Logs that a limit is reached, once in 10 seconds for each limit.</summary>
internal sealed class LimitReports(JwksTelemetry telemetry)
{
    private FloodGate? _issuers;
    private FloodGate? _clients;

    public void Dropped(KeySourceIdentity identity, int limit)
    {
        var isIssuer = identity.ClientId is null;
        if (!Gate(ref isIssuer ? ref _issuers : ref _clients, identity.Time).TryPass(out var count))
            return;
        if (isIssuer)
            telemetry.Logger.ResolvedIssuersDropped(count, limit);
        else
            telemetry.Logger.ClientsDropped(count, limit);
    }

    private static FloodGate Gate(ref FloodGate? gate, TimeProvider time) =>
        Volatile.Read(ref gate) ?? Interlocked.CompareExchange(ref gate, new FloodGate(time), null) ?? gate;
}
