using System.Text;
using System.Text.Json.Nodes;

namespace JwksAuth.Keys.Retrieval;

/// <summary>The members of an issuer's metadata that a resource server needs (OpenID Connect Discovery 1.0 section 3, RFC 8414 section 2).</summary>
/// <param name="Issuer">The issuer, to the letter.</param>
/// <param name="JwksUri">Where its keys are.</param>
/// <param name="RetrievedAt">The monotonic time of the answer.</param>
internal sealed record MetadataDocument(string Issuer, string JwksUri, long RetrievedAt)
{
    /// <summary>Where it tells about opaque tokens (RFC 8414 section 2); null if it does not say.</summary>
    public string? IntrospectionEndpoint { get; private init; }

    /// <summary>Reads a metadata document; on failure the document is null and the failure says why.</summary>
    public static (MetadataDocument? Document, FetchFailure? Failure, string? Error) Read(
        byte[] body, string? expectedIssuer, long retrievedAt)
    {
        using var json = JsonText.TryParseObject(body);
        if (json is null)
            return (null, FetchFailure.NotJson, "The metadata is not a JSON object.");

        var issuer = json.RootElement.StringOrNull("issuer");
        if (string.IsNullOrEmpty(issuer) || !Names(issuer, expectedIssuer))
            return (null, FetchFailure.IssuerMismatch, "The metadata names another issuer than the configured one.");

        var jwksUri = json.RootElement.StringOrNull("jwks_uri");
        return string.IsNullOrEmpty(jwksUri)
            ? (null, FetchFailure.NoJwksUri, "The metadata has no jwks_uri.")
            : (new MetadataDocument(issuer, jwksUri, retrievedAt) { IntrospectionEndpoint = json.RootElement.StringOrNull("introspection_endpoint") }, null, null);
    }

    /// <summary>The members that were read, as a document that can be read again.</summary>
    public byte[] Write()
    {
        var members = new JsonObject { ["issuer"] = Issuer, ["jwks_uri"] = JwksUri };
        if (IntrospectionEndpoint is not null)
            members["introspection_endpoint"] = IntrospectionEndpoint;
        return Encoding.UTF8.GetBytes(members.ToJsonString());
    }

    // Authorities are often configured without the slash that the issuer ends in; everything else is compared to the letter.
    private static bool Names(string issuer, string? expected) =>
        expected is null || string.Equals(issuer.TrimEnd('/'), expected.TrimEnd('/'), StringComparison.Ordinal);
}
