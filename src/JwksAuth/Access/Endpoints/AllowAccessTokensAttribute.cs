using JwksAuth.Access.Endpoints;
using JwksAuth.Access.Scopes;
using Microsoft.AspNetCore.Authorization;

namespace JwksAuth;

/// <summary>
/// Opens an endpoint to access tokens, and to nothing else: a session cookie does not open it. A scheme with <c>RequireEndpointOptIn</c> is refused
/// everywhere else. Where there is more than one, on a controller and on its action, all must be met. It is for endpoints, which hubs are as a whole: on a
/// method of a SignalR hub it lets nobody in.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class AllowAccessTokensAttribute : AuthorizeAttribute, IAuthorizationRequirementData
{
    /// <summary>Opens the endpoint to tokens with all of these scopes.</summary>
    /// <param name="scopes">The scopes. Without one, <see cref="WithoutScope"/> must be set: otherwise the host does not start.</param>
    /// <exception cref="ArgumentException">A scope is one that no token can have (RFC 6749 section 3.3).</exception>
    public AllowAccessTokensAttribute(params string[] scopes)
        : base(AccessTokenPolicy.Name)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        if (scopes.Length > 0)
            ScopeList.Check(scopes);
        Scopes = [.. scopes];
    }

    /// <summary>The scopes that a token needs.</summary>
    public IReadOnlyList<string> Scopes { get; }

    /// <summary>Opens the endpoint to every token of the scheme, whatever its scopes. Default false.</summary>
    public bool WithoutScope { get; set; }

    /// <summary>The only scheme whose tokens are let in. Default null: every scheme with <c>RequireEndpointOptIn</c>; if none has it, every scheme of this package.</summary>
    public string? Scheme
    {
        get => AuthenticationSchemes;
        set
        {
            AuthenticationSchemes = value;
            Policy = value is null ? AccessTokenPolicy.Name : AccessTokenPolicy.NameForOneScheme;
        }
    }

    internal bool IsComplete => Scopes.Count > 0 != WithoutScope;

    IEnumerable<IAuthorizationRequirement> IAuthorizationRequirementData.GetRequirements()
    {
        var token = new AccessTokenRequirement(this);
        return [token, token.Scopes];
    }

    internal bool Opens(string scheme) => IsComplete && (Scheme is null || Scheme == scheme);
}
