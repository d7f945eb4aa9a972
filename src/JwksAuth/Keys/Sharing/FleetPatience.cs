namespace JwksAuth.Keys.Sharing;

/// <summary>What is left of the time that one fetch may spend on waiting for the fleet's engine. Used by one fetch at a time.</summary>
internal sealed class FleetPatience(TimeSpan limit)
{
    public TimeSpan Remaining { get; private set; } = limit;

    public void Spend(TimeSpan elapsed) => Remaining = elapsed < Remaining ? Remaining - elapsed : TimeSpan.Zero;
}
