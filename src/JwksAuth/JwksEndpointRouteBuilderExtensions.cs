using System.Diagnostics.CodeAnalysis;
using JwksAuth.Publishing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Publishes the API's own keys.</summary>
public static class JwksEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Publishes the public halves of the key ring as a JWKS (RFC 7517 section 5): without authentication, readable from other origins, with an entity tag
    /// and a <c>max-age</c>. Answers <c>GET</c> and <c>HEAD</c>, and 503 while the key ring is not configured.
    /// </summary>
    /// <param name="endpoints">The routes.</param>
    /// <param name="pattern">The path. Default <c>/.well-known/jwks.json</c>.</param>
    /// <returns>Further conventions of the endpoint.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="endpoints"/> or <paramref name="pattern"/> is null.</exception>
    /// <exception cref="InvalidOperationException">Neither <c>AddJwksKeyRing</c> nor <c>AddJwksBearer</c> was called.</exception>
    public static IEndpointConventionBuilder MapJwks(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "/.well-known/jwks.json")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);

        var ring = endpoints.ServiceProvider.GetService<KeyRing>()
            ?? throw new InvalidOperationException("There is no key ring to publish: call services.AddJwksKeyRing() first.");
        return endpoints.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head], new JwksEndpoint(ring).HandleAsync)
            .WithDisplayName("JWKS")
            .WithMetadata(new AllowAnonymousAttribute());
    }
}
