namespace JwksAuth.Keys.Registry;

internal interface IOptionPlan
{
    /// <summary>The faults of the options, for the log; empty if there are none.</summary>
    IReadOnlyList<string> Faults { get; }
}

/// <summary>
/// Compiles named options once, and again when they change. The new plan acquires its sources before the old one releases its own, so that
/// unchanged sources keep their keys and the others lose them at once.
/// </summary>
internal abstract class OptionPlans<TOptions, TPlan>(KeySourceRegistry registry, Action<string, string> notConfigured)
    where TOptions : class
    where TPlan : class, IOptionPlan
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, TOptions> _current = new(StringComparer.Ordinal);

    public TPlan Of(string name) => Of(name, Newest(name));

    public TPlan Of(string name, TOptions current) => PlanOf(current) ?? OfNewest(name);

    protected abstract TOptions Newest(string name);

    /// <summary>The plan stored in the options; null before they are compiled.</summary>
    protected abstract TPlan? PlanOf(TOptions current);

    protected abstract TPlan Compile(string name, TOptions current);

    // Never compiles options that were just replaced: they would take the sources from their successor.
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
