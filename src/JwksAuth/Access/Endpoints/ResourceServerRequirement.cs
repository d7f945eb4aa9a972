using Microsoft.AspNetCore.Authorization;

namespace JwksAuth.Access;

/// <summary>Asks for an accepted token, and for what the opening of the endpoint asks of it.</summary>
internal sealed record ResourceServerRequirement(AllowResourceServerAttribute Opening) : IAuthorizationRequirement
{
    public override string ToString() => Opening.WithoutScope ? "An access token" : $"An access token with {string.Join(' ', Opening.Scopes)}";
}
