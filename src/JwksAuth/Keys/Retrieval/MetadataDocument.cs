using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using JwksAuth.Foundation.Json;
using JwksAuth.Keys.Reading;

namespace JwksAuth.Keys.Retrieval;

/// <summary>An issuer's metadata, as needed by a resource server (OpenID Connect Discovery 1.0 section 3, RFC 8414 section 2).</summary>
/// <param name="Issuer">The exact issuer; null if absent and the application validates issuers itself.</param>
/// <param name="JwksUri">The address of the keys; null if absent, which matters only if keys are needed.</param>
/// <param name="RetrievedAt">The monotonic time of the response.</param>
internal sealed record MetadataDocument(string? Issuer, string? JwksUri, long RetrievedAt)
{
    private const string IntrospectionMember = "introspection_endpoint";
    private const string AliasesMember = "mtls_endpoint_aliases";

    // A larger document is not kept as a whole.
    private const int MostBytesKept = 64 * 1024;

    private byte[]? _body;

    /// <summary>The introspection endpoint (RFC 8414 section 2); null if absent.</summary>
    public string? IntrospectionEndpoint { get; private init; }

    /// <summary>The introspection endpoint for clients with a certificate (RFC 8705 section 5); null if absent.</summary>
    public string? CertificateIntrospectionEndpoint { get; private init; }

    /// <summary>The address of the document; null if another replica fetched it.</summary>
    public string? FoundAt { get; init; }

    /// <summary>Reads a metadata document; after a failure the document is null.</summary>
    public static (MetadataDocument? Document, FetchFailure? Failure, string? Error) Read(
        byte[] body, MetadataNames names, string address, long retrievedAt)
    {
        using var json = JsonText.TryParseObject(body);
        if (json is null)
            return (null, FetchFailure.NotJson, $"The metadata {JsonFault.Of(body)}.");

        var issuer = Stated(json.RootElement, "issuer");
        if (names.Judge(issuer, address) is { } fault)
            return (null, FetchFailure.IssuerMismatch, fault);

        return (new MetadataDocument(issuer, Stated(json.RootElement, "jwks_uri"), retrievedAt)
        {
            IntrospectionEndpoint = Stated(json.RootElement, IntrospectionMember),
            CertificateIntrospectionEndpoint = json.RootElement.MemberOrNull(AliasesMember) is { ValueKind: JsonValueKind.Object } aliases
                ? Stated(aliases, IntrospectionMember)
                : null,
            _body = body.Length <= MostBytesKept ? body : null,
        }, null, null);
    }

    /// <summary>Serializes the document for a later read; only the needed members of a large one.</summary>
    public byte[] Write()
    {
        if (_body is not null)
            return _body;

        var members = new JsonObject();
        if (Issuer is not null)
            members["issuer"] = Issuer;
        if (JwksUri is not null)
            members["jwks_uri"] = JwksUri;
        if (IntrospectionEndpoint is not null)
            members[IntrospectionMember] = IntrospectionEndpoint;
        if (CertificateIntrospectionEndpoint is not null)
            members[AliasesMember] = new JsonObject { [IntrospectionMember] = CertificateIntrospectionEndpoint };
        return Encoding.UTF8.GetBytes(members.ToJsonString());
    }

    private static string? Stated(JsonElement element, string member) => element.StringOrNull(member) is { Length: > 0 } text ? text : null;
}
