using Microsoft.AspNetCore.Authorization;

namespace JwksAuth.Access.Endpoints;

/// <summary>Asks for a token that a scheme accepted which the endpoint is open to.</summary>
internal sealed class AccessTokenRequirement(AllowAccessTokensAttribute opening) : IAuthorizationRequirement
{
    public AllowAccessTokensAttribute Opening { get; } = opening;

    /// <summary>What the opening asks of that token beyond.</summary>
    public OpeningScopesRequirement Scopes { get; } = new(opening);

    public override string ToString() => "An access token";
}

/// <summary>Asks the token that opens the endpoint for scopes; met together with the requirement that it belongs to.</summary>
internal sealed class OpeningScopesRequirement(AllowAccessTokensAttribute opening) : IAuthorizationRequirement
{
    public IReadOnlyList<string> Scopes => opening.Scopes;

    public override string ToString() => $"An access token with {string.Join(' ', Scopes)}";
}
