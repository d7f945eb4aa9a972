using JwksAuth.Access.Endpoints;
using JwksAuth.Access.Scopes;
using Microsoft.AspNetCore.Authorization;

namespace JwksAuth;

/// <summary>
/// Lets an endpoint accept access tokens and nothing else: a session cookie does not count. Tokens of a scheme with
/// <c>RequireEndpointOptIn</c> are refused everywhere else. If there are several, for example on a controller and its action, all must be
/// satisfied. The attribute applies to endpoints, including a SignalR hub as a whole; on a hub method it denies every caller.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class AllowAccessTokensAttribute : AuthorizeAttribute, IAuthorizationRequirementData
{
    /// <summary>Accepts tokens with all of these scopes.</summary>
    /// <param name="scopes">The scopes. Without one, <see cref="WithoutScope"/> must be set: otherwise the host does not start.</param>
    /// <exception cref="ArgumentException">A scope contains characters that no scope can have (RFC 6749 section 3.3).</exception>
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

    /// <summary>Accepts every token of the scheme, regardless of its scopes. Default false.</summary>
    public bool WithoutScope { get; set; }

    /// <summary>
    /// The only scheme whose tokens are accepted. Default null: every scheme with <c>RequireEndpointOptIn</c>, or all schemes of this
    /// package if none has it.
    /// </summary>
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
