using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace JwksAuth.Access.Endpoints;

/// <summary>The policies behind <see cref="AllowAccessTokensAttribute"/>: only the schemes of tokens are asked who calls.</summary>
internal sealed class AccessTokenPolicy(TokenSchemes schemes) : IConfigureOptions<AuthorizationOptions>
{
    public const string Name = "JwksAuth.AccessTokens";

    /// <summary>For an opening that names its scheme itself.</summary>
    public const string NameForOneScheme = "JwksAuth.AccessTokens.OneScheme";

    public void Configure(AuthorizationOptions options)
    {
        options.AddPolicy(Name, Create([.. schemes.Opened]));
        options.AddPolicy(NameForOneScheme, Create([]));
    }

    private static AuthorizationPolicy Create(string[] schemes) =>
        new AuthorizationPolicyBuilder(schemes).RequireAuthenticatedUser().AddRequirements(new JudgedEndpointRequirement()).Build();
}
