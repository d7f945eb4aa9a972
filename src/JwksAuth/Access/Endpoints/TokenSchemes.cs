using JwksAuth.Schemes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace JwksAuth.Access.Endpoints;

/// <summary>The authentication schemes whose tokens endpoints can accept.</summary>
internal sealed class TokenSchemes(IEnumerable<ISchemes> profiles, IOptions<AuthenticationOptions> authentication)
{
    /// <summary>The schemes that requests can use, without the validators outside requests.</summary>
    public IReadOnlyList<SchemeProfile> All =>
        [.. profiles.SelectMany(kind => kind.ReadProfiles()).Where(profile => authentication.Value.SchemeMap.ContainsKey(profile.Scheme))];

    /// <summary>The default schemes of <see cref="AllowAccessTokensAttribute"/>: those that require it, or all if none does.</summary>
    public IReadOnlyList<string> Opened
    {
        get
        {
            var all = All;
            var closed = all.Where(profile => profile.RequiresEndpointOptIn).ToList();
            return [.. (closed.Count > 0 ? closed : all).Select(profile => profile.Scheme)];
        }
    }

    /// <summary>The schemes whose tokens an attribute accepts.</summary>
    public IEnumerable<string> OpenedBy(AllowAccessTokensAttribute opening) =>
        opening.Scheme is { } only ? All.Select(profile => profile.Scheme).Where(scheme => scheme == only) : Opened;
}
