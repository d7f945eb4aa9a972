using JwksAuth.Bearer.Configuration;
using JwksAuth.Bearer.Issuers;
using JwksAuth.Bearer.Validation;
using JwksAuth.Keys;
using JwksAuth.Schemes;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace JwksAuth.Bearer;

internal sealed class BearerSchemes(BearerPlans plans, IOptions<JwksSchemes> schemes, IOptionsMonitor<JwtBearerOptions> options) : ISchemes
{
    public IEnumerable<string> Names => schemes.Value.Names;

    public IEnumerable<SchemeProfile> ReadProfiles() =>
        from scheme in schemes.Value.Names
        let current = (JwksBearerOptions)options.Get(scheme)
        select new SchemeProfile(
            scheme, current.RequireEndpointOptIn,
            plans.Of(scheme, current).Issuers.All.SelectMany(NamesOf).Distinct(StringComparer.Ordinal));

    public IEnumerable<SchemeReport> ReadReports() =>
        from scheme in schemes.Value.Names
        let plan = plans.Of(scheme)
        let keys = FixedKeys(plan).Select(key => key.Describe()).ToList()
        select new SchemeReport(scheme, plan.Faults, keys) { RefusedTokens = plan.Refusals.Counts };

    private static IEnumerable<VerificationKey> FixedKeys(BearerPlan plan) =>
        plan.Issuers.All.SelectMany(issuer => StaticSources(issuer.Source)).SelectMany(source => source.Set.Keys);

    private static IEnumerable<StaticKeySource> StaticSources(IKeySource source) => source switch
    {
        StaticKeySource fixedKeys => [fixedKeys],
        CompositeKeySource composite => composite.Sources.OfType<StaticKeySource>(),
        _ => [],
    };

    // Until the metadata has been read, the issuer is expected to be named like the authority.
    private static IEnumerable<string> NamesOf(IssuerPlan issuer) =>
        issuer.IsNamedByMetadata && (issuer.MetadataIssuer ?? issuer.Expected?.Derived) is { } name
            ? issuer.Names.Append(name)
            : issuer.Names;
}
