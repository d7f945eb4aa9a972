using JwksAuth.Keys.Remote;
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Fleet;

internal sealed class EngineFleet(IFleetEngine engine) : IFleet
{
    public IFleetMember Join(SourceState state, KeySetLoader loader, SourceTelemetry telemetry, CancellationToken stopping) =>
        new FleetMember(engine, state, loader, telemetry, stopping);
}
