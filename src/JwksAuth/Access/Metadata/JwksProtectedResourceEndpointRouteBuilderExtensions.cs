using JwksAuth;
using JwksAuth.Access.Metadata;
using JwksAuth.Responses;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Publishes the metadata of a protected resource.</summary>
public static class JwksProtectedResourceEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps the metadata of a protected resource (RFC 9728) to <c>/.well-known/oauth-protected-resource</c>, followed by the path of the
    /// resource identifier. Every challenge for a request under the path contains that address as <c>resource_metadata</c>. In a group, the
    /// path includes the prefix of the group.
    /// </summary>
    /// <param name="path">The path prefix of the resource, such as <c>/orders</c>. Default empty: the whole application.</param>
    /// <param name="configure">Sets options; null sets none.</param>
    /// <returns>The endpoint, which allows anonymous access.</returns>
    /// <exception cref="ArgumentException">The resource identifier is not an https URL without query and fragment.</exception>
    /// <exception cref="InvalidOperationException">No scheme of this package was added.</exception>
    public static IEndpointConventionBuilder MapProtectedResourceMetadata(
        this IEndpointRouteBuilder endpoints, string path = "", Action<JwksProtectedResourceOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(path);

        var options = new JwksProtectedResourceOptions();
        configure?.Invoke(options);
        var resource = ProtectedResource.Create(path, options);
        endpoints.ServiceProvider.GetRequiredService<ProtectedResources>().Add(resource);
        var endpoint = endpoints.MapPublicDocument(ProtectedResource.WellKnownPath, "Protected resource metadata", AnswerAsync);
        endpoint.Finally(builder => resource.Place((RouteEndpointBuilder)builder, path));
        return endpoint;

        Task AnswerAsync(HttpContext context) =>
            context.RequestServices.GetRequiredService<ProtectedResourceEndpoint>().AnswerAsync(context, resource);
    }
}
