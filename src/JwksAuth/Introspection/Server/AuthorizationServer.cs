using JwksAuth.Keys;
using JwksAuth.Keys.Remote;
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Introspection.Server;

/// <summary>The name and endpoint of an authorization server.</summary>
/// <param name="Endpoint">The introspection endpoint; null if the metadata has none.</param>
internal sealed record ServerDescription(string Issuer, string? Endpoint)
{
    /// <summary>The metadata with the endpoint; null for a configured endpoint.</summary>
    public MetadataDocument? NamedBy { get; init; }
}

/// <summary>The authorization server of a scheme, from configuration and metadata.</summary>
/// <param name="issuer">The configured issuer; null for the one in the metadata.</param>
/// <param name="endpoint">The configured endpoint; null for the one in the metadata.</param>
/// <param name="source">Its keys and metadata; null if neither is needed.</param>
/// <param name="expected">The issuer that the metadata must name; null if no metadata is needed.</param>
/// <param name="usesCertificate">Whether a client certificate authenticates this API; it may have its own endpoint (RFC 8705).</param>
internal sealed class AuthorizationServer(
    string? issuer, string? endpoint, RemoteKeySource? source, ExpectedIssuer? expected, RetrievalSettings http, bool usesCertificate)
{
    /// <summary>Its keys; null if responses are not signed and no metadata is needed.</summary>
    public RemoteKeySource? Source => source;

    public bool IsAllowed(string address) => AddressGate.TryPass(address, http, out _, out _);

    /// <summary>Describes the server, after a fetch if needed and allowed; null while its metadata is unreachable.</summary>
    public ValueTask<ServerDescription?> DescribeAsync(CancellationToken cancellationToken)
    {
        var known = Describe(source?.Metadata);
        return known is not null || source is null ? new(known) : FetchAsync(source, cancellationToken);
    }

    /// <summary>Rereads the metadata because its endpoint is wrong; null if nothing changed, or a fetch is not allowed yet.</summary>
    public async ValueTask<ServerDescription?> RelocateAsync(ServerDescription wrong, CancellationToken cancellationToken)
    {
        if (source is null || wrong.NamedBy is not { } metadata)
            return null;
        var now = Describe(await source.ReplaceMetadataAsync(metadata, cancellationToken));
        return now is { Endpoint: { } moved } && moved != wrong.Endpoint && IsAllowed(moved) ? now : null;
    }

    private async ValueTask<ServerDescription?> FetchAsync(RemoteKeySource metadata, CancellationToken cancellationToken) =>
        Describe(await metadata.ReadMetadataAsync(cancellationToken));

    /// <summary>Why the current metadata is rejected; null if it is accepted, or there is none.</summary>
    public string? DescribeRefusal() => source is { Metadata: { } metadata } && !IsAccepted(metadata)
        ? source.Names.Describe(expected!, source.Identity.ShownAddress, metadata.Issuer)
        : null;

    // Other users of the same metadata may expect another issuer.
    private bool IsAccepted(MetadataDocument metadata) => source!.Names.IsAccepted(expected!, metadata.Issuer);

    // Metadata remains usable after the keys expire: an address authenticates nothing.
    private ServerDescription? Describe(MetadataDocument? metadata)
    {
        if (metadata is not null && !IsAccepted(metadata))
            return null;

        return (issuer ?? metadata?.Issuer) is { } name && (endpoint is not null || metadata is not null)
            ? new ServerDescription(name, endpoint ?? EndpointOf(metadata!)) { NamedBy = endpoint is null ? metadata : null }
            : null;
    }

    private string? EndpointOf(MetadataDocument metadata) =>
        (usesCertificate ? metadata.CertificateIntrospectionEndpoint : null) ?? metadata.IntrospectionEndpoint;
}
