using JwksAuth.Bearer.Configuration;
using JwksAuth.Bearer.Validation;
using JwksAuth.Keys;
using JwksAuth.Requests;
using Microsoft.Extensions.Options;

namespace JwksAuth.Bearer;

/// <summary>Tells operators how the bearer schemes are set up.</summary>
internal sealed class BearerReports(BearerPlans plans, IOptions<JwksSchemes> schemes) : ISchemeReports
{
    public IEnumerable<SchemeReport> Read() =>
        from scheme in schemes.Value.Names
        let plan = plans.Of(scheme)
        select new SchemeReport(scheme, plan.Faults, [.. FixedKeys(plan).Select(key => key.Describe())]) { RefusedTokens = plan.Refusals.Counts };

    private static IEnumerable<VerificationKey> FixedKeys(BearerPlan plan) =>
        plan.Issuers.All.SelectMany(issuer => StaticSources(issuer.Source)).SelectMany(source => source.Set.Keys);

    private static IEnumerable<StaticKeySource> StaticSources(IKeySource source) => source switch
    {
        StaticKeySource fixedKeys => [fixedKeys],
        CompositeKeySource composite => composite.Sources.OfType<StaticKeySource>(),
        _ => [],
    };
}
