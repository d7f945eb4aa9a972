using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace JwksAuth.Access;

/// <summary>The policy behind <see cref="AllowResourceServerAttribute"/>: only the schemes of tokens are asked who calls.</summary>
internal sealed class ResourceServerPolicy(TokenSchemes schemes) : IConfigureOptions<AuthorizationOptions>
{
    public const string Name = "JwksAuth.ResourceServer";

    public void Configure(AuthorizationOptions options) =>
        options.AddPolicy(Name, new AuthorizationPolicyBuilder([.. schemes.Opened]).RequireAuthenticatedUser().Build());
}
