using System.Collections.Frozen;
using JwksAuth.Foundation.Settings;
using JwksAuth.Jose;
using JwksAuth.Keys;
using JwksAuth.Keys.Registry;
using Microsoft.Extensions.Options;

namespace JwksAuth.Issuer.ClientAssertions;

internal sealed class AssertionPlans(
    IOptionsMonitor<JwksClientAssertionOptions> options, KeySourceRegistry registry, ClientAssertionReports reports)
    : OptionPlans<JwksClientAssertionOptions, AssertionPlan>(registry, (_, fault) => reports.NotConfigured(fault))
{
    public AssertionPlan Current => Of(Options.DefaultName);

    protected override JwksClientAssertionOptions Newest(string name) => options.Get(name);

    protected override AssertionPlan? PlanOf(JwksClientAssertionOptions current) => current.Plan;

    protected override AssertionPlan Compile(string name, JwksClientAssertionOptions current) => current.Plan = Compile(current);

    private static AssertionPlan Compile(JwksClientAssertionOptions options)
    {
        var faults = new OptionFaults(JwksClientAssertionOptions.SectionName);
        faults.AddRange(options.ConfigurationFaults.Select(fault => fault.Text));
        AssertionOptionsValidator.Validate(options, faults);
        return new AssertionPlan
        {
            Options = options,
            Faults = faults.All,
            Audiences = [.. new[] { options.Issuer, options.TokenEndpoint }.OfType<string>().Where(audience => audience.Length > 0)],
            AcceptsSeveralAudiences = options.AcceptSeveralAudiences,
            Header = HeaderRulesOf(options),
            MaximumLifetime = options.MaximumLifetime,
            ClockSkew = options.ClockSkew,
            Clients = options.Clients.DistinctBy(client => client.ClientId, StringComparer.Ordinal)
                .ToFrozenDictionary(client => client.ClientId, StringComparer.Ordinal),
            Http = new RetrievalSettings(AllowLoopbackHttp: !options.RequireHttpsMetadata, AllowAnyHttp: false, Client: null,
                Handler: null)
            { OffersAnyHttp = false },
            Tuning = KeySourceTuning.Default with
            {
                Cooldown = options.RefreshInterval,
                RefreshInterval = options.AutomaticRefreshInterval,
                MaximumAge = options.MaximumAge,
            },
            MaximumClients = options.MaximumClients,
        };
    }

    // The second type is from the update of RFC 7523 (section 4). Older clients send no type, or the generic one.
    private static HeaderRules HeaderRulesOf(JwksClientAssertionOptions options) => new(
        ["JWT", "client-authentication+jwt"], mayLackType: true,
        [.. SignatureAlgorithms.All.Where(known => options.Algorithms.Count == 0 || options.Algorithms.Contains(known.NameOf()))]);
}
