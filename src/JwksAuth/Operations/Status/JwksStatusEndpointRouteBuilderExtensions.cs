using System.Net;
using JwksAuth;
using JwksAuth.Operations.Status;
using JwksAuth.Operations.Status.Page;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the key status endpoints for operators.</summary>
public static class JwksStatusEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps the status of all key sources, as JSON or HTML by content negotiation, and <c>POST {pattern}/refresh</c>, which fetches all
    /// keys (or those of the form or query value <c>issuer</c>) immediately and reports what changed. Viewing the status never causes a
    /// fetch.
    /// </summary>
    /// <remarks>
    /// Without an authorization policy (<c>RequireAuthorization</c>) the endpoint answers only callers on the same machine, and all others
    /// with 404; <c>AllowAnonymous</c> has no effect. A reverse proxy on the same machine is recognized by the headers that it adds or by
    /// HTTP/1.0. Behind a proxy that shows neither, every caller looks local, so require a policy.
    /// </remarks>
    /// <param name="pattern">The route.</param>
    /// <param name="configure">Admits callers besides those that the policy admits; null for none.</param>
    /// <returns>A builder for further conventions, such as <c>RequireAuthorization</c>.</returns>
    /// <exception cref="InvalidOperationException">No scheme was added with <c>AddJwksBearer</c>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The management port is not between 1 and 65535.</exception>
    public static IEndpointConventionBuilder MapJwksStatus(
        this IEndpointRouteBuilder endpoints, string pattern = "/_jwks", Action<JwksStatusOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        if (endpoints.ServiceProvider.GetService<IJwksManager>() is null)
            throw new InvalidOperationException("MapJwksStatus has no keys to show: call AddJwksBearer first.");

        var options = new JwksStatusOptions();
        configure?.Invoke(options);
        if (options.ManagementPort is < 1 or > IPEndPoint.MaxPort)
            throw new ArgumentOutOfRangeException(nameof(configure), options.ManagementPort, "ManagementPort must be between 1 and 65535.");

        var status = ActivatorUtilities.CreateInstance<StatusEndpoints>(endpoints.ServiceProvider, options);
        var group = endpoints.MapGroup(pattern).ExcludeFromDescription();
        if (options.AllowLocalCallers)
            group.WithMetadata(new LocalCallers());
        group.MapMethods("", [HttpMethods.Get, HttpMethods.Head], status.Guard(status.ShowAsync)).WithDisplayName("JWKS status");
        group.MapPost("refresh", status.Guard(status.RefreshAsync)).WithDisplayName("JWKS refresh");
        foreach (var asset in StatusAsset.All)
            group.MapMethods(asset.Name, [HttpMethods.Get, HttpMethods.Head], status.Guard(asset.SendAsync))
                .WithDisplayName("JWKS status asset");
        return group;
    }
}
