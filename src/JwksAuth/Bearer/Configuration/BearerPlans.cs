using JwksAuth.Diagnostics;
using JwksAuth.Jose;
using JwksAuth.Keys;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace JwksAuth.Bearer;

/// <summary>
/// Compiles the options of each scheme once, and again when they change. The new plan opens its sources before the old one lets go of
/// its own: what did not change keeps its keys, what did loses them at once.
/// </summary>
internal sealed class BearerPlans(
    KeySourceRegistry registry, JwksTelemetry telemetry, Lazy<JweOpener> opener, Lazy<IOptionsMonitor<JwtBearerOptions>> options)
{
    private readonly Lock _gate = new();
    private readonly BearerPlanCompiler _compiler = new(registry, telemetry, opener);
    private readonly Dictionary<string, JwksBearerOptions> _current = new(StringComparer.Ordinal);

    /// <summary>The plan of a scheme as its options are now.</summary>
    public BearerPlan Of(string scheme) => Of(scheme, (JwksBearerOptions)options.Value.Get(scheme));

    /// <param name="scheme">The scheme.</param>
    /// <param name="current">Its options, as the options monitor gave them.</param>
    public BearerPlan Of(string scheme, JwksBearerOptions current) => current.Plan ?? CompileNewest(scheme);

    // Options that a request took just before they were replaced are never compiled: they would take the sources away from their successor.
    private BearerPlan CompileNewest(string scheme)
    {
        lock (_gate)
        {
            var newest = (JwksBearerOptions)options.Value.Get(scheme);
            return newest.Plan ??= Compile(scheme, newest);
        }
    }

    private BearerPlan Compile(string scheme, JwksBearerOptions current)
    {
        var plan = _compiler.Compile(scheme, current);
        if (_current.TryGetValue(scheme, out var replaced))
            registry.Release(replaced);
        if (!plan.IsConfigured)
            registry.Release(current);

        _current[scheme] = current;
        foreach (var fault in plan.Faults)
            telemetry.Logger.SchemeNotConfigured(scheme, fault);
        return plan;
    }
}
