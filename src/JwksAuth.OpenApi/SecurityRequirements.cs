using Microsoft.OpenApi;

namespace JwksAuth.OpenApi;

/// <summary>Writes access rules as security requirements; a caller needs to meet one of them.</summary>
internal static class SecurityRequirements
{
    /// <param name="scopesFit">Whether the document version allows scopes for schemes other than OAuth flows.</param>
    public static IEnumerable<OpenApiSecurityRequirement> Of(JwksEndpointAccess access, bool scopesFit, OpenApiDocument document)
    {
        foreach (var (id, scheme) in access.Schemes.SelectMany(Describe))
        {
            document.AddComponent(id, scheme);
            foreach (var scopes in scopesFit ? access.ScopeSets : [[]])
                yield return new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(id, document)] = [.. scopes] };
        }
    }

    private static IEnumerable<(string Id, IOpenApiSecurityScheme Scheme)> Describe(JwksTokenScheme scheme)
    {
        if (scheme.TakesBearer)
            yield return (scheme.Name, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "An access token (RFC 6750).",
            });
        if (scheme.TakesDpop)
            yield return (scheme.Name + "DPoP", new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "dpop",
                Description = "An access token, with a DPoP proof for each request (RFC 9449).",
            });
    }
}
