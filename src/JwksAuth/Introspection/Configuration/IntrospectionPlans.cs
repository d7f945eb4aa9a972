using JwksAuth.Diagnostics;
using JwksAuth.Jose;
using JwksAuth.Keys;
using Microsoft.Extensions.Options;

namespace JwksAuth.Introspection;

/// <summary>
/// Compiles the options of each scheme once, and again when they change. The new plan opens its sources before the old one lets go of
/// its own: what did not change keeps its keys.
/// </summary>
internal sealed class IntrospectionPlans(
    KeySourceRegistry registry,
    IHttpClientFactory clients,
    IntrospectionTelemetry telemetry,
    IOptionsMonitor<JwksIntrospectionOptions> options,
    Lazy<IKeyRing>? keyRing = null,
    Lazy<JweOpener>? opener = null)
{
    private readonly Lock _gate = new();
    private readonly IntrospectionPlanCompiler _compiler = new(registry, clients, telemetry, keyRing, opener);
    private readonly Dictionary<string, JwksIntrospectionOptions> _current = new(StringComparer.Ordinal);

    /// <summary>The plan of a scheme as its options are now.</summary>
    public IntrospectionPlan Of(string scheme) => Of(scheme, options.Get(scheme));

    /// <param name="scheme">The scheme.</param>
    /// <param name="current">Its options, as the options monitor gave them.</param>
    public IntrospectionPlan Of(string scheme, JwksIntrospectionOptions current) => current.Plan ?? CompileNewest(scheme);

    // Options that a request took just before they were replaced are never compiled: they would take the sources away from their successor.
    private IntrospectionPlan CompileNewest(string scheme)
    {
        lock (_gate)
        {
            var newest = options.Get(scheme);
            return newest.Plan ??= Compile(scheme, newest);
        }
    }

    private IntrospectionPlan Compile(string scheme, JwksIntrospectionOptions current)
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
