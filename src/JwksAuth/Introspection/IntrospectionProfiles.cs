using JwksAuth.Introspection.Configuration;
using JwksAuth.Requests;
using Microsoft.Extensions.Options;

namespace JwksAuth.Introspection;

/// <summary>Tells the rules of access how the schemes that introspect are set up.</summary>
internal sealed class IntrospectionProfiles(IOptions<IntrospectionSchemes> schemes, IOptionsMonitor<JwksIntrospectionOptions> options) : ISchemeProfiles
{
    public IEnumerable<string> Names => schemes.Value.Names;

    public IEnumerable<SchemeProfile> Read() =>
        from scheme in schemes.Value.Names
        let current = options.Get(scheme)
        select new SchemeProfile(scheme, current.RequireEndpointOptIn, new[] { current.Issuer ?? current.Authority }.OfType<string>(), current.RequiredScopes.Count > 0);
}
