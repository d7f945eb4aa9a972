namespace JwksAuth.Issuer.SigningKeys.LifeCycle;

/// <summary>What a step of the life cycle comes to: other keys to store and what was done, or why it would be unsafe.</summary>
/// <param name="After">What is to be stored; null if the step is refused.</param>
/// <param name="Done">What the step does, in sentences.</param>
internal sealed record LifeCycleStep(JwksStoredKeys? After, IReadOnlyList<string> Done)
{
    /// <summary>Why the step is refused, as a sentence; null if it is not.</summary>
    public string? Refusal { get; private init; }

    /// <summary>What would go wrong if the step were forced, or goes wrong because it was; null if nothing would, or if it cannot be forced.</summary>
    public string? Risk { get; init; }

    /// <summary>The step that follows on what this one leaves; a refused step is followed by none.</summary>
    public LifeCycleStep Then(KeyLifeCycle life, Func<KeyLifeCycle, LifeCycleStep> next)
    {
        if (After is null)
            return this;
        var following = next(life.After(After));
        return following with { Done = [.. Done, .. following.Done], Risk = following.Risk ?? Risk };
    }

    public static LifeCycleStep Refuse(string refusal, string? risk = null) => new(null, []) { Refusal = refusal, Risk = risk };
}
