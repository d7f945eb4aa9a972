using JwksAuth.OpenApi;
using Microsoft.AspNetCore.OpenApi;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds what JwksAuth knows of endpoints to OpenAPI documents.</summary>
public static class JwksOpenApiOptionsExtensions
{
    /// <summary>
    /// Adds to each operation which tokens it takes, with which scopes, and that it answers 401 and 403 otherwise; and to the document the security schemes
    /// that its operations name. Operations that everybody may call, and those that take no tokens of JwksAuth, stay as they are.
    /// </summary>
    /// <remarks>
    /// A security scheme has the name of the authentication scheme; <c>DPoP</c> follows the name of the one for bound tokens (RFC 9449). Scopes are in the security
    /// requirements of OpenAPI 3.1 and later. OpenAPI 3.0 has no place for them there: they are in the description of the 403 answer, as in every version.
    /// </remarks>
    /// <param name="options">The options of the document.</param>
    /// <returns>The options.</returns>
    public static OpenApiOptions AddJwksSecurity(this OpenApiOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.AddOperationTransformer<SecurityTransformer>();
    }
}
