using System.Collections.Frozen;
using JwksAuth.Keys;
using JwksAuth.Schemes;
using Microsoft.Extensions.Options;

namespace JwksAuth.Clients;

/// <summary>Compiles the options once, and again when they change.</summary>
internal sealed class AssertionPlans(IOptionsMonitor<JwksClientAssertionOptions> options, KeySourceRegistry registry, ClientAssertionReports reports)
{
    private readonly Lock _gate = new();
    private AssertionPlan? _compiled;

    /// <summary>The plan of the options as they are now.</summary>
    public AssertionPlan Current => options.CurrentValue.Plan ?? CompileNewest();

    private AssertionPlan CompileNewest()
    {
        lock (_gate)
        {
            var newest = options.CurrentValue;
            if (newest.Plan is { } known)
                return known;

            var plan = Compile(newest);
            foreach (var fault in plan.Faults)
                reports.NotConfigured(fault);

            // Sources in use go on; the old plan has no say in them any more.
            if (_compiled is not null)
                registry.Release(_compiled);
            return newest.Plan = _compiled = plan;
        }
    }

    private static AssertionPlan Compile(JwksClientAssertionOptions options)
    {
        var faults = new OptionFaults(JwksClientAssertionOptions.SectionName);
        faults.AddRange(options.ConfigurationFaults);
        AssertionOptionsValidator.Validate(options, faults);
        return new AssertionPlan
        {
            Faults = faults.All,
            Audiences = [.. new[] { options.Issuer, options.TokenEndpoint }.OfType<string>().Where(audience => audience.Length > 0)],
            AcceptsSeveralAudiences = options.AcceptSeveralAudiences,
            Algorithms = SignatureAlgorithms.All.Where(algorithm => options.Algorithms.Count == 0 || options.Algorithms.Contains(algorithm.NameOf())).ToHashSet(),
            MaximumLifetime = options.MaximumLifetime,
            ClockSkew = options.ClockSkew,
            Clients = options.Clients.DistinctBy(client => client.ClientId, StringComparer.Ordinal).ToFrozenDictionary(client => client.ClientId, StringComparer.Ordinal),
            Http = new RetrievalSettings(AllowLoopbackHttp: !options.RequireHttpsMetadata, AllowAnyHttp: false, Client: null, Handler: null),
            Tuning = KeySourceTuning.Default with
            {
                Window = options.RefreshInterval,
                RefreshInterval = options.AutomaticRefreshInterval,
                MaximumAge = options.MaximumAge,
            },
        };
    }
}
