using JwksAuth.Keys;
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Introspection;

/// <summary>Who the authorization server is and where it is to be asked, as far as it is known.</summary>
/// <param name="Issuer">Its name, to the letter.</param>
/// <param name="Endpoint">Where to ask about tokens; null if its metadata does not say.</param>
internal sealed record ServerDescription(string Issuer, string? Endpoint);

/// <summary>The authorization server of a scheme: what configuration says of it, completed by the metadata that comes with its keys.</summary>
/// <param name="issuer">The configured issuer; null if metadata is to name it.</param>
/// <param name="endpoint">The configured endpoint; null if metadata is to name it.</param>
/// <param name="source">Its keys and metadata; null if neither is needed.</param>
/// <param name="http">From where addresses may be taken.</param>
internal sealed class AuthorizationServer(string? issuer, string? endpoint, RemoteKeySource? source, RetrievalSettings http)
{
    /// <summary>Its keys; null if its answers are not signed and its metadata is not needed.</summary>
    public RemoteKeySource? Source => source;

    /// <summary>Whether tokens and secrets may be sent to an address that metadata names.</summary>
    public bool IsAllowed(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && DocumentRetriever.IsAllowed(uri, http);

    /// <summary>What is known of the server, after a fetch if one is needed and allowed; null while its metadata is out of reach.</summary>
    public ValueTask<ServerDescription?> DescribeAsync(CancellationToken cancellationToken)
    {
        var known = Describe();
        return known is not null || source is null ? new(known) : FetchAsync(source, cancellationToken);
    }

    private async ValueTask<ServerDescription?> FetchAsync(RemoteKeySource metadata, CancellationToken cancellationToken)
    {
        await metadata.FetchAsync(new KeyFetch(null, SignatureAlgorithm.RS256, metadata.CurrentSet, TimeSpan.Zero), cancellationToken);
        return Describe();
    }

    // Metadata stays good when keys have become too old to be trusted: an address does not vouch for anything.
    private ServerDescription? Describe()
    {
        var metadata = source?.Metadata;
        return (issuer ?? metadata?.Issuer) is { } name && (endpoint is not null || metadata is not null)
            ? new ServerDescription(name, endpoint ?? metadata!.IntrospectionEndpoint)
            : null;
    }
}
