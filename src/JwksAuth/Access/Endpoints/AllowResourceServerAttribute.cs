using JwksAuth.Access;
using Microsoft.AspNetCore.Authorization;

namespace JwksAuth;

/// <summary>
/// Opens an endpoint to access tokens, and to nothing else: a session cookie does not open it. A scheme with <c>RequireEndpointOptIn</c> is refused
/// everywhere else. Where there is more than one, on a controller and on its action, all must be met.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class AllowResourceServerAttribute : Attribute, IAuthorizeData, IAuthorizationRequirementData
{
    /// <summary>Opens the endpoint to tokens with all of these scopes.</summary>
    /// <param name="scopes">The scopes. Without one, <see cref="WithoutScope"/> must be set: otherwise the host does not start.</param>
    /// <exception cref="ArgumentException">A scope is one that no token can have (RFC 6749 section 3.3).</exception>
    public AllowResourceServerAttribute(params string[] scopes)
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
    public string? Scheme { get; set; }

    string? IAuthorizeData.Policy
    {
        get => Scheme is null ? ResourceServerPolicy.Name : null;
        set => throw new NotSupportedException();
    }

    string? IAuthorizeData.Roles
    {
        get => null;
        set => throw new NotSupportedException();
    }

    string? IAuthorizeData.AuthenticationSchemes
    {
        get => Scheme;
        set => throw new NotSupportedException();
    }

    internal bool IsComplete => Scopes.Count > 0 != WithoutScope;

    IEnumerable<IAuthorizationRequirement> IAuthorizationRequirementData.GetRequirements() => [new ResourceServerRequirement(this)];

    internal bool Opens(string scheme) => IsComplete && (Scheme is null || Scheme == scheme);
}
