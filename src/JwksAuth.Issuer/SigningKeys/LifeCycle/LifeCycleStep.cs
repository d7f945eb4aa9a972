namespace JwksAuth.Issuer.SigningKeys.LifeCycle;

/// <summary>The outcome of a life cycle step: the keys to store and what was done, or why the step is refused.</summary>
/// <param name="After">The keys to store; null if the step is refused.</param>
internal sealed record LifeCycleStep(JwksStoredKeys? After, IReadOnlyList<string> Done)
{
    /// <summary>Why the step is refused, as a sentence; null if it is not refused.</summary>
    public string? Refusal { get; private init; }

    /// <summary>The harm that forcing the step does; null if it does none or cannot be forced.</summary>
    public string? Risk { get; init; }

    /// <summary>Takes another step after this one, unless this one is refused.</summary>
    public LifeCycleStep Then(KeyLifeCycle life, Func<KeyLifeCycle, LifeCycleStep> next)
    {
        if (After is null)
            return this;
        var following = next(life.After(After));
        return following with { Done = [.. Done, .. following.Done], Risk = following.Risk ?? Risk };
    }

    public static LifeCycleStep Refuse(string refusal, string? risk = null) => new(null, []) { Refusal = refusal, Risk = risk };
}
