using JwksAuth.Introspection.Configuration;
using JwksAuth.Requests;
using Microsoft.Extensions.Options;

namespace JwksAuth.Introspection;

/// <summary>What the introspection schemes tell operators.</summary>
internal sealed class IntrospectionReports(IntrospectionPlans plans, IOptions<IntrospectionSchemes> schemes) : ISchemeReports
{
    public IEnumerable<SchemeReport> Read() => schemes.Value.Names.Select(scheme => new SchemeReport(scheme, plans.Of(scheme).Faults, []));
}
