using JwksAuth.Keys;
using JwksAuth.Keys.Remote;
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Introspection.Server;

/// <summary>Who the authorization server is and where it is to be asked, as far as it is known.</summary>
/// <param name="Issuer">Its name, to the letter.</param>
/// <param name="Endpoint">Where to ask about tokens; null if its metadata does not say.</param>
internal sealed record ServerDescription(string Issuer, string? Endpoint)
{
    /// <summary>The metadata that names the endpoint; null for a configured one.</summary>
    public MetadataDocument? NamedBy { get; init; }
}

/// <summary>The authorization server of a scheme: what configuration says of it, completed by its metadata.</summary>
/// <param name="issuer">The configured issuer; null if metadata is to name it.</param>
/// <param name="endpoint">The configured endpoint; null if metadata is to name it.</param>
/// <param name="source">Its keys and metadata; null if neither is needed.</param>
/// <param name="expected">The issuer that the metadata must name; null if no metadata is needed.</param>
/// <param name="http">From where addresses may be taken.</param>
/// <param name="usesCertificate">Whether a client certificate authenticates this API: the server may have another endpoint for those (RFC 8705 section 5).</param>
internal sealed class AuthorizationServer(
    string? issuer, string? endpoint, RemoteKeySource? source, ExpectedIssuer? expected, RetrievalSettings http, bool usesCertificate)
{
    /// <summary>Its keys; null if its answers are not signed and its metadata is not needed.</summary>
    public RemoteKeySource? Source => source;

    /// <summary>Whether tokens and secrets may be sent to an address that metadata names.</summary>
    public bool IsAllowed(string address) => AddressGate.TryPass(address, http, out _, out _);

    /// <summary>What is known of the server, after a fetch if one is needed and allowed; null while its metadata is out of reach.</summary>
    public ValueTask<ServerDescription?> DescribeAsync(CancellationToken cancellationToken)
    {
        var known = Describe(source?.Metadata);
        return known is not null || source is null ? new(known) : FetchAsync(source, cancellationToken);
    }

    /// <summary>
    /// What the metadata says after it was read again, because the endpoint that it named is not there; null if it says nothing new, or may
    /// not be read again yet.
    /// </summary>
    public async ValueTask<ServerDescription?> RelocateAsync(ServerDescription wrong, CancellationToken cancellationToken)
    {
        if (source is null || wrong.NamedBy is not { } metadata)
            return null;
        var now = Describe(await source.ReplaceMetadataAsync(metadata, cancellationToken));
        return now is { Endpoint: { } moved } && moved != wrong.Endpoint && IsAllowed(moved) ? now : null;
    }

    private async ValueTask<ServerDescription?> FetchAsync(RemoteKeySource metadata, CancellationToken cancellationToken) =>
        Describe(await metadata.ReadMetadataAsync(cancellationToken));

    /// <summary>Why the metadata at hand is not taken for this server's; null if it is, or if there is none.</summary>
    public string? DescribeRefusal() => source is { Metadata: { } metadata } && !IsAccepted(metadata)
        ? source.Names.Describe(expected!, source.Identity.ShownAddress, metadata.Issuer)
        : null;

    // Others who use the same metadata may expect another issuer.
    private bool IsAccepted(MetadataDocument metadata) => source!.Names.IsAccepted(expected!, metadata.Issuer);

    // Metadata stays good when keys have become too old to be trusted: an address does not vouch for anything.
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
