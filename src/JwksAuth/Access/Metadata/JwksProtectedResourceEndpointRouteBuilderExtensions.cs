using JwksAuth;
using JwksAuth.Access.Metadata;
using JwksAuth.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Publishes the metadata of a protected resource.</summary>
public static class JwksProtectedResourceEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps the metadata of a protected resource (RFC 9728): at <c>/.well-known/oauth-protected-resource</c>, followed by the path of the resource identifier. Every challenge to
    /// requests under the path names that address, as <c>resource_metadata</c>. In a group, the prefix of the group is a part of the path.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="path">The path that everything of the resource is under, such as <c>/orders</c>. Default empty: the whole application.</param>
    /// <param name="configure">Sets what the schemes' options do not know; null sets none.</param>
    /// <returns>The endpoint, which is open to everybody.</returns>
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

        Task AnswerAsync(HttpContext context) => context.RequestServices.GetRequiredService<ProtectedResourceEndpoint>().AnswerAsync(context, resource);
    }
}
