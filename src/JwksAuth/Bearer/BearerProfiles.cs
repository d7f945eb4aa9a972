using JwksAuth.Bearer.Configuration;
using JwksAuth.Bearer.Issuers;
using JwksAuth.Requests;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace JwksAuth.Bearer;

/// <summary>Tells the rules of access how the bearer schemes are set up.</summary>
internal sealed class BearerProfiles(BearerPlans plans, IOptions<JwksSchemes> schemes, IOptionsMonitor<JwtBearerOptions> options) : ISchemeProfiles
{
    public IEnumerable<string> Names => schemes.Value.Names;

    public IEnumerable<SchemeProfile> Read() =>
        from scheme in schemes.Value.Names
        let current = (JwksBearerOptions)options.Get(scheme)
        select new SchemeProfile(scheme, current.RequireEndpointOptIn, plans.Of(scheme, current).Issuers.All.SelectMany(NamesOf).Distinct(StringComparer.Ordinal));

    // Before the metadata has been read, the authority is what its issuer must be called.
    private static IEnumerable<string> NamesOf(IssuerPlan issuer) =>
        issuer.IsNamedByMetadata && (issuer.MetadataIssuer ?? issuer.Expected?.Derived) is { } name ? issuer.Names.Append(name) : issuer.Names;
}
