using JwksAuth.Diagnostics;
using JwksAuth.Keys.Reading;

namespace JwksAuth.Keys.Retrieval;

/// <summary>Fetches an issuer's metadata from its well-known addresses.</summary>
internal sealed class MetadataLoader(KeySourceIdentity identity, DocumentRetriever retriever, TimeProvider time)
{
    public MetadataNames Names { get; } = new();

    /// <summary>
    /// Fetches from the address that last had the metadata, or from the first; then from the other, if the server answers without valid
    /// metadata of this issuer (RFC 8414 section 3.2). A server that fails or is unreachable gives no reason to try the other.
    /// </summary>
    /// <param name="known">The current metadata; null if there is none.</param>
    /// <param name="asksOrigin">Whether caches must revalidate with the issuer.</param>
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

        // An invalid document is a more specific failure than a missing one.
        return load.Failure == FetchFailure.Status
            ? KeySetLoad.Failed(other.Failure.Value, $"{load.Error} {other.Error} If the metadata is elsewhere, set MetadataAddress.")
                with
            { RetryAfter = load.RetryAfter ?? other.RetryAfter }
            : load;
    }

    private async Task<(KeySetLoad Load, bool IsElsewhere)> LoadFromAsync(
        string address, bool asksOrigin, CancellationToken cancellationToken)
    {
        var answer = await retriever.GetAsync(address, null, asksOrigin, cancellationToken);
        if (answer.Failure is { } failure)
            return (KeySetLoad.Failed(failure, "Metadata: " + answer.Error) with { RetryAfter = answer.RetryAfter }, answer.IsAbsent);
        if (answer.Body is not { } body)
            return (
                KeySetLoad.Failed(FetchFailure.Status, "Metadata: the server answered with status 304 to an unconditional request."), true);

        var (document, fault, error) = MetadataDocument.Read(body, Names, AddressText.Redact(address), time.GetTimestamp());
        return document is null
            ? (KeySetLoad.Failed(fault!.Value, error!), true)
            : (new KeySetLoad(null, null) { Metadata = document with { FoundAt = address } }, false);
    }
}
