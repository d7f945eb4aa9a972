using System.Net;
using JwksAuth;
using JwksAuth.Operations.Status;
using JwksAuth.Operations.Status.Page;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the status of verification keys, for operators.</summary>
public static class JwksStatusEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps how each source of keys stands, as JSON and as a page for people by content negotiation, and <c>POST {pattern}/refresh</c>, which
    /// fetches all keys (or those of the form or query value <c>issuer</c>) at once and answers with what changed. Looking costs no fetch.
    /// </summary>
    /// <remarks>
    /// Closed by default: without an authorization policy (<c>RequireAuthorization</c>) it answers only callers on the same machine, and
    /// anybody else with 404. Anonymous access cannot be opened to others. A reverse proxy on the same machine is recognized by the headers that
    /// it adds or by HTTP/1.0: behind one that shows neither, every caller looks local, so require a policy.
    /// </remarks>
    /// <param name="endpoints">The endpoints of the application.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="configure">Lets in more callers than the policy does; null lets in none.</param>
    /// <returns>What further conventions, such as <c>RequireAuthorization</c>, are added to.</returns>
    /// <exception cref="InvalidOperationException">No scheme was added with <c>AddJwksBearer</c>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The management port is not a port.</exception>
    public static IEndpointConventionBuilder MapJwksStatus(this IEndpointRouteBuilder endpoints, string pattern = "/_jwks", Action<JwksStatusOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        if (endpoints.ServiceProvider.GetService<IJwksManager>() is null)
            throw new InvalidOperationException("MapJwksStatus has no keys to show: call AddJwksBearer first.");

        var options = new JwksStatusOptions();
        configure?.Invoke(options);
        if (options.ManagementPort is < 1 or > IPEndPoint.MaxPort)
            throw new ArgumentOutOfRangeException(nameof(configure), options.ManagementPort, "ManagementPort must be from 1 to 65535.");

        var status = ActivatorUtilities.CreateInstance<StatusEndpoints>(endpoints.ServiceProvider, options);
        var group = endpoints.MapGroup(pattern).ExcludeFromDescription();
        if (options.AllowLocalCallers)
            group.WithMetadata(new LocalCallers());
        group.MapMethods("", [HttpMethods.Get, HttpMethods.Head], status.Guard(status.ShowAsync)).WithDisplayName("JWKS status");
        group.MapPost("refresh", status.Guard(status.RefreshAsync)).WithDisplayName("JWKS refresh");
        foreach (var asset in StatusAsset.All)
            group.MapMethods(asset.Name, [HttpMethods.Get, HttpMethods.Head], status.Guard(asset.SendAsync)).WithDisplayName("JWKS status asset");
        return group;
    }
}
