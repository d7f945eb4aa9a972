using System.Diagnostics.CodeAnalysis;
using JwksAuth.Logout;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the endpoint for back-channel logout.</summary>
public static class JwksLogoutEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps the endpoint that the provider posts logout tokens to: the <c>backchannel_logout_uri</c> of the client (OpenID Connect
    /// Back-Channel Logout 1.0 section 2.2). It allows anonymous access, because the token is the proof. It answers 200 when the handler
    /// has ended the sessions, 400 with an error for an invalid token or a failed logout, and 503 while the provider's keys are
    /// unavailable, always with <c>Cache-Control: no-store</c>. A form over 64 KiB is refused.
    /// </summary>
    /// <param name="pattern">The path. Default <c>/backchannel-logout</c>.</param>
    /// <returns>The endpoint, for further conventions.</returns>
    /// <exception cref="InvalidOperationException"><c>AddJwksBackChannelLogout</c> was not called.</exception>
    public static IEndpointConventionBuilder MapBackChannelLogout(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "/backchannel-logout")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);

        var endpoint = endpoints.ServiceProvider.GetService<LogoutEndpoint>()
            ?? throw new InvalidOperationException(
                "No logout handler is registered: call services.AddJwksBackChannelLogout<THandler>() first.");
        return endpoints.MapPost(pattern, endpoint.HandleAsync)
            .WithDisplayName("Back-channel logout")
            .WithMetadata(new AllowAnonymousAttribute());
    }
}
