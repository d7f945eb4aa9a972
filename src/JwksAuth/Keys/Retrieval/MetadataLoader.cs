
using JwksAuth.Diagnostics;
using JwksAuth.Keys.Reading;

namespace JwksAuth.Keys.Retrieval;

/// <summary>Finds the metadata of an issuer at one of its well-known addresses.</summary>
/// <param name="identity">The source.</param>
/// <param name="retriever">Fetches its documents.</param>
/// <param name="time">The clock of the source.</param>
internal sealed class MetadataLoader(KeySourceIdentity identity, DocumentRetriever retriever, TimeProvider time)
{
    /// <summary>Judges the issuer that metadata names.</summary>
    public MetadataNames Names { get; } = new();

    /// <summary>
    /// Asks at the address that had the metadata before, or else at the first one; then at the other, if there is an answer without metadata of
    /// this issuer in it (RFC 8414 section 3.2). A server that is failing or out of reach has said nothing of where its metadata is.
    /// </summary>
    /// <param name="known">The metadata at hand; null if there is none.</param>
    /// <param name="asksOrigin">Whether caches on the way must ask the issuer itself.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<KeySetLoad> LoadAsync(MetadataDocument? known, bool asksOrigin, CancellationToken cancellationToken)
    {
        var (first, second) = (identity.MetadataAddress!, identity.FallbackMetadataAddress);
        if (second is not null && known?.FoundAt == second)
            (first, second) = (second, first);

        var (load, isElsewhere) = await LoadFromAsync(first, asksOrigin, cancellationToken);
        if (!isElsewhere || second is null)
            return load;

        var (other, isNowhere) = await LoadFromAsync(second, asksOrigin, cancellationToken);
        if (other.Failure is null || !isNowhere)
            return other;

        // A document that is wrong says more than one that is not there.
        return load.Failure == FetchFailure.Status
            ? KeySetLoad.Failed(other.Failure.Value, $"{load.Error} {other.Error} If the metadata is elsewhere, set MetadataAddress.") with { RetryAfter = load.RetryAfter ?? other.RetryAfter }
            : load;
    }

    private async Task<(KeySetLoad Load, bool IsElsewhere)> LoadFromAsync(string address, bool asksOrigin, CancellationToken cancellationToken)
    {
        var answer = await retriever.GetAsync(address, null, asksOrigin, cancellationToken);
        if (answer.Failure is { } failure)
            return (KeySetLoad.Failed(failure, "Metadata: " + answer.Error) with { RetryAfter = answer.RetryAfter }, answer.IsAbsent);
        if (answer.Body is not { } body)
            return (KeySetLoad.Failed(FetchFailure.Status, "Metadata: the server answered with status 304 to an unconditional request."), true);

        var (document, fault, error) = MetadataDocument.Read(body, Names, AddressText.Redact(address), time.GetTimestamp());
        return document is null
            ? (KeySetLoad.Failed(fault!.Value, error!), true)
            : (new KeySetLoad(null, null) { Metadata = document with { FoundAt = address } }, false);
    }
}
