namespace JwksAuth.Keys.Registry;

/// <summary>What options were compiled to.</summary>
internal interface IOptionPlan
{
    /// <summary>What is wrong with the options, for the log; empty when all is well.</summary>
    IReadOnlyList<string> Faults { get; }
}

/// <summary>
/// Compiles named options once, and again when they change. The new plan opens its sources before the old one lets go of
/// its own: what did not change keeps its keys, what did loses them at once.
/// </summary>
/// <param name="registry">Where plans open their sources, in the name of the options.</param>
/// <param name="notConfigured">Tells the log of a fault: the name of the options, and what is wrong with them.</param>
internal abstract class OptionPlans<TOptions, TPlan>(KeySourceRegistry registry, Action<string, string> notConfigured)
    where TOptions : class
    where TPlan : class, IOptionPlan
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, TOptions> _current = new(StringComparer.Ordinal);

    /// <summary>The plan of the options as they are now.</summary>
    /// <param name="name">The name of the options: for a scheme, its own.</param>
    public TPlan Of(string name) => Of(name, Newest(name));

    /// <param name="name">The name of the options.</param>
    /// <param name="current">The options, as the options monitor gave them.</param>
    public TPlan Of(string name, TOptions current) => PlanOf(current) ?? OfNewest(name);

    protected abstract TOptions Newest(string name);

    /// <summary>The plan that was kept with the options; null before they were compiled.</summary>
    protected abstract TPlan? PlanOf(TOptions current);

    /// <summary>Compiles the options, and keeps the plan with them.</summary>
    protected abstract TPlan Compile(string name, TOptions current);

    // Options that a request took just before they were replaced are never compiled: they would take the sources away from their successor.
    private TPlan OfNewest(string name)
    {
        lock (_gate)
        {
            var newest = Newest(name);
            return PlanOf(newest) ?? Replace(name, newest);
        }
    }

    private TPlan Replace(string name, TOptions newest)
    {
        var plan = Compile(name, newest);
        if (_current.TryGetValue(name, out var replaced))
            registry.Release(replaced);
        if (plan.Faults.Count > 0)
            registry.Release(newest);

        _current[name] = newest;
        foreach (var fault in plan.Faults)
            notConfigured(name, fault);
        return plan;
    }
}
