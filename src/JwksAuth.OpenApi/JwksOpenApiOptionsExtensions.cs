using JwksAuth.OpenApi;
using Microsoft.AspNetCore.OpenApi;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the security requirements of endpoints to OpenAPI documents.</summary>
public static class JwksOpenApiOptionsExtensions
{
    /// <summary>
    /// Adds to each operation the accepted tokens and scopes and the responses 401 and 403, and to the document the security schemes that
    /// its operations name. Operations without authorization, or without tokens of JwksAuth, remain unchanged.
    /// </summary>
    /// <remarks>
    /// A security scheme has the name of the authentication scheme, with the suffix <c>DPoP</c> for bound tokens (RFC 9449). Scopes appear
    /// in the security requirements from OpenAPI 3.1 on. OpenAPI 3.0 does not allow them there, so the description of the 403 response
    /// lists them in every version.
    /// </remarks>
    /// <param name="options">The OpenAPI options.</param>
    public static OpenApiOptions AddJwksSecurity(this OpenApiOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.AddOperationTransformer<SecurityTransformer>();
    }
}
