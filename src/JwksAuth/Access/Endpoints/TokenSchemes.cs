using JwksAuth.Requests;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace JwksAuth.Access.Endpoints;

/// <summary>The authentication schemes that tokens of others come by.</summary>
internal sealed class TokenSchemes(IEnumerable<ISchemes> profiles, IOptions<AuthenticationOptions> authentication)
{
    /// <summary>Those that requests can use: options for validation outside of requests have a name, too.</summary>
    public IReadOnlyList<SchemeProfile> All =>
        [.. profiles.SelectMany(kind => kind.ReadProfiles()).Where(profile => authentication.Value.SchemeMap.ContainsKey(profile.Scheme))];

    /// <summary>Those that <see cref="AllowAccessTokensAttribute"/> opens endpoints to: the ones that need it or, if none does, all.</summary>
    public IReadOnlyList<string> Opened
    {
        get
        {
            var all = All;
            var closed = all.Where(profile => profile.RequiresEndpointOptIn).ToList();
            return [.. (closed.Count > 0 ? closed : all).Select(profile => profile.Scheme)];
        }
    }

    /// <summary>Those whose tokens an opening lets in.</summary>
    public IEnumerable<string> OpenedBy(AllowAccessTokensAttribute opening) =>
        opening.Scheme is { } only ? All.Select(profile => profile.Scheme).Where(scheme => scheme == only) : Opened;
}
