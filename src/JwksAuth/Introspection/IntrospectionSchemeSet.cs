using JwksAuth.Introspection.Configuration;
using JwksAuth.Schemes;
using Microsoft.Extensions.Options;

namespace JwksAuth.Introspection;

internal sealed class IntrospectionSchemeSet(
    IntrospectionPlans plans, IOptions<IntrospectionSchemes> schemes, IOptionsMonitor<JwksIntrospectionOptions> options) : ISchemes
{
    public IEnumerable<string> Names => schemes.Value.Names;

    public IEnumerable<SchemeProfile> ReadProfiles() =>
        from scheme in schemes.Value.Names
        let current = options.Get(scheme)
        select new SchemeProfile(scheme, current.RequireEndpointOptIn, new[] { current.Issuer ?? current.Authority }.OfType<string>(),
            current.RequiredScopes.Count > 0);

    public IEnumerable<SchemeReport> ReadReports() =>
        schemes.Value.Names.Select(scheme => new SchemeReport(scheme, plans.Of(scheme).Faults, []));
}
