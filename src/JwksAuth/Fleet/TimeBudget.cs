namespace JwksAuth.Fleet;

/// <summary>What is left of the time that one fetch may spend on waiting for the fleet's engine. Used by one fetch at a time.</summary>
/// <param name="limit">The time.</param>
/// <param name="isPressing">Whether the engine is asked even while it owes an earlier answer.</param>
internal sealed class TimeBudget(TimeSpan limit, bool isPressing = false)
{
    public bool IsPressing => isPressing;

    public TimeSpan Remaining { get; private set; } = limit;

    public void Spend(TimeSpan elapsed) => Remaining = elapsed < Remaining ? Remaining - elapsed : TimeSpan.Zero;
}
