using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using JwksAuth;
using JwksAuth.Issuer.SigningKeys;
using JwksAuth.Responses;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Publishes the metadata of an issuer.</summary>
public static class JwksOpenIdConfigurationEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Publishes <c>/.well-known/openid-configuration</c> (OpenID Connect Discovery 1.0 section 4) without authentication: the issuer of
    /// <see cref="JwksSigningKeysOptions.Issuer"/>, the address of its JWKS and the algorithms of its keys. Answers 503 while the issuer
    /// has no name or no keys.
    /// </summary>
    /// <param name="configureMetadata">Adds or changes members such as <c>token_endpoint</c> in each response; null for none.</param>
    /// <param name="jwksPath">The path passed to <c>MapJwks</c>, below the issuer. Default <c>/.well-known/jwks.json</c>.</param>
    /// <returns>A builder for further conventions.</returns>
    /// <exception cref="InvalidOperationException"><c>AddJwksSigningKeys</c> was not called.</exception>
    public static IEndpointConventionBuilder MapOpenIdConfiguration(
        this IEndpointRouteBuilder endpoints, Action<JsonObject>? configureMetadata =
            null, [StringSyntax("Route")] string jwksPath = "/.well-known/jwks.json")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(jwksPath);

        var keys = endpoints.ServiceProvider.GetService<SigningKeyRing>()
            ?? throw new InvalidOperationException("MapOpenIdConfiguration needs signing keys: call services.AddJwksSigningKeys() first.");
        var options = endpoints.ServiceProvider.GetRequiredService<IOptionsMonitor<JwksSigningKeysOptions>>();
        var endpoint = new OpenIdConfigurationEndpoint(keys, options, jwksPath, configureMetadata);
        return endpoints.MapPublicDocument("/.well-known/openid-configuration", "OpenID configuration", endpoint.HandleAsync);
    }
}
