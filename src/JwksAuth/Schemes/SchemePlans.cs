using JwksAuth.Diagnostics;
using JwksAuth.Keys;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Schemes;

/// <summary>What the options of a scheme were compiled to.</summary>
internal interface ISchemePlan
{
    /// <summary>What is wrong with the options, for the log; empty when the scheme is configured.</summary>
    IReadOnlyList<string> Faults { get; }
}

/// <summary>
/// Compiles the options of each scheme once, and again when they change. The new plan opens its sources before the old one lets go of
/// its own: what did not change keeps its keys, what did loses them at once.
/// </summary>
/// <param name="registry">Where plans open their sources, in the name of the options.</param>
/// <param name="logger">Where faults are told.</param>
internal abstract class SchemePlans<TOptions, TPlan>(KeySourceRegistry registry, ILogger logger)
    where TOptions : class
    where TPlan : class, ISchemePlan
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, TOptions> _current = new(StringComparer.Ordinal);

    /// <summary>The plan of a scheme as its options are now.</summary>
    public TPlan Of(string scheme) => Of(scheme, Newest(scheme));

    /// <param name="scheme">The scheme.</param>
    /// <param name="current">Its options, as the options monitor gave them.</param>
    public TPlan Of(string scheme, TOptions current) => PlanOf(current) ?? OfNewest(scheme);

    protected abstract TOptions Newest(string scheme);

    /// <summary>The plan that was kept with the options; null before they were compiled.</summary>
    protected abstract TPlan? PlanOf(TOptions current);

    /// <summary>Compiles the options, and keeps the plan with them.</summary>
    protected abstract TPlan Compile(string scheme, TOptions current);

    // Options that a request took just before they were replaced are never compiled: they would take the sources away from their successor.
    private TPlan OfNewest(string scheme)
    {
        lock (_gate)
        {
            var newest = Newest(scheme);
            return PlanOf(newest) ?? Replace(scheme, newest);
        }
    }

    private TPlan Replace(string scheme, TOptions newest)
    {
        var plan = Compile(scheme, newest);
        if (_current.TryGetValue(scheme, out var replaced))
            registry.Release(replaced);
        if (plan.Faults.Count > 0)
            registry.Release(newest);

        _current[scheme] = newest;
        foreach (var fault in plan.Faults)
            logger.SchemeNotConfigured(scheme, fault);
        return plan;
    }
}
