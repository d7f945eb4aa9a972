using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace JwksAuth.Access.Endpoints;

/// <summary>The policies behind <see cref="AllowAccessTokensAttribute"/>: only token schemes authenticate the caller.</summary>
internal sealed class AccessTokenPolicy(TokenSchemes schemes) : IConfigureOptions<AuthorizationOptions>
{
    public const string Name = "JwksAuth.AccessTokens";

    /// <summary>The policy for an attribute that names its scheme.</summary>
    public const string NameForOneScheme = "JwksAuth.AccessTokens.OneScheme";

    public void Configure(AuthorizationOptions options)
    {
        options.AddPolicy(Name, Create([.. schemes.Opened]));
        options.AddPolicy(NameForOneScheme, Create([]));
    }

    private static AuthorizationPolicy Create(string[] schemes) =>
        new AuthorizationPolicyBuilder(schemes).RequireAuthenticatedUser().AddRequirements(new JudgedEndpointRequirement()).Build();
}
