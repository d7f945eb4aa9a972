using Microsoft.AspNetCore.Authorization;

namespace JwksAuth.Access.Endpoints;

/// <summary>Requires a token of a scheme that the endpoint accepts.</summary>
internal sealed class AccessTokenRequirement(AllowAccessTokensAttribute opening) : IAuthorizationRequirement
{
    public AllowAccessTokensAttribute Opening { get; } = opening;

    public OpeningScopesRequirement Scopes { get; } = new(opening);

    public override string ToString() => "An access token";
}

/// <summary>Requires scopes of the token; satisfied together with its <see cref="AccessTokenRequirement"/>.</summary>
internal sealed class OpeningScopesRequirement(AllowAccessTokensAttribute opening) : IAuthorizationRequirement
{
    public IReadOnlyList<string> Scopes => opening.Scopes;

    public override string ToString() => $"An access token with {string.Join(' ', Scopes)}";
}
