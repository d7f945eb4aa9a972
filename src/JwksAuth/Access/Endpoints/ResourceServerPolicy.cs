using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.Options;

namespace JwksAuth.Access;

/// <summary>The policies behind <see cref="AllowResourceServerAttribute"/>: only the schemes of tokens are asked who calls.</summary>
internal sealed class ResourceServerPolicy(TokenSchemes schemes) : IConfigureOptions<AuthorizationOptions>
{
    public const string Name = "JwksAuth.ResourceServer";

    /// <summary>For an opening that names its scheme itself.</summary>
    public const string NameForOneScheme = "JwksAuth.ResourceServer.OneScheme";

    public void Configure(AuthorizationOptions options)
    {
        options.AddPolicy(Name, Create([.. schemes.Opened]));
        options.AddPolicy(NameForOneScheme, Create([]));
    }

    // What the attribute asks beyond the policy is asked of requests to endpoints only. Whoever evaluates the policy for anything else, as SignalR does for
    // the methods of a hub, would leave that out. An AuthorizeFilter of MVC, such as one for all controllers, evaluates it once more for a request that was
    // judged before.
    private static AuthorizationPolicy Create(string[] schemes) =>
        new AuthorizationPolicyBuilder(schemes).RequireAuthenticatedUser().RequireAssertion(context => IsJudged(context.Resource)).Build();

    private static bool IsJudged(object? resource) =>
        resource is HttpContext || (resource is AuthorizationFilterContext filter && MetOpening.IsOn(filter.HttpContext));
}
