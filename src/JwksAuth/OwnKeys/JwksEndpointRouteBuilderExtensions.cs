using System.Diagnostics.CodeAnalysis;
using JwksAuth;
using JwksAuth.OwnKeys.Publishing;
using JwksAuth.OwnKeys.Ring;
using JwksAuth.Responses;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Publishes the API's own keys.</summary>
public static class JwksEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Publishes the public keys of the key ring and of the signing keys as a JWKS (RFC 7517 section 5): with anonymous access, CORS for
    /// any origin, an entity tag and a <c>max-age</c>. Answers <c>GET</c>, <c>HEAD</c> and preflight requests, and 503 while either source
    /// has no keys or cannot be read.
    /// </summary>
    /// <param name="pattern">The path. Default <c>/.well-known/jwks.json</c>.</param>
    /// <returns>The endpoint, for further conventions.</returns>
    /// <exception cref="InvalidOperationException">No scheme, key ring or signing keys were added.</exception>
    public static IEndpointConventionBuilder MapJwks(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "/.well-known/jwks.json")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);

        return endpoints.MapPublicDocument(pattern, "JWKS", new JwksEndpoint(SourcesOf(endpoints.ServiceProvider)).HandleAsync);
    }

    private static List<IPublishedKeysSource> SourcesOf(IServiceProvider services)
    {
        var sources = services.GetServices<IPublishedKeysSource>().ToList();
        if (sources.Count == 0 || services.GetService<IOptionsMonitor<JwksKeyRingOptions>>()?.CurrentValue.Keys.Count > 0)
            sources.Insert(
                0,
                services.GetService<KeyRing>() ?? throw new InvalidOperationException(
                    "There are no keys to publish: call services.AddJwksKeyRing() or AddJwksSigningKeys() first."));
        return sources;
    }
}
