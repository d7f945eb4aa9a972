namespace JwksAuth.Fleet;

/// <summary>The remaining time that one fetch may wait for the fleet's engine. Not thread-safe.</summary>
/// <param name="isPressing">Whether to call the engine even while an earlier call is pending.</param>
internal sealed class TimeBudget(TimeSpan limit, bool isPressing = false)
{
    public bool IsPressing => isPressing;

    public TimeSpan Remaining { get; private set; } = limit;

    public void Spend(TimeSpan elapsed) => Remaining = elapsed < Remaining ? Remaining - elapsed : TimeSpan.Zero;
}
