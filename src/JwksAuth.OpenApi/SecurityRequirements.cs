using Microsoft.OpenApi;

namespace JwksAuth.OpenApi;

/// <summary>Writes who is let in as security requirements: one for each way in, of which a caller takes any.</summary>
internal static class SecurityRequirements
{
    /// <param name="access">Who is let in.</param>
    /// <param name="scopesFit">Whether the version of the document has a place for the scopes of schemes that are no OAuth flows.</param>
    /// <param name="document">Gets the security schemes that are named.</param>
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
            yield return (scheme.Name, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An access token (RFC 6750)." });
        if (scheme.TakesDpop)
            yield return (scheme.Name + "DPoP", new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "dpop", Description = "An access token with a proof of its key for each request, in the header DPoP (RFC 9449)." });
    }
}
