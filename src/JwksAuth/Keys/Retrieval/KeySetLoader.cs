using System.Security.Cryptography;
using JwksAuth.Foundation.Time;
using JwksAuth.Keys.Reading;

namespace JwksAuth.Keys.Retrieval;

/// <summary>Loads an issuer's keys in one attempt: metadata if due, then the JWKS, within one timeout. Stateless.</summary>
/// <param name="isShared">Whether to keep the body for other replicas.</param>
internal sealed class KeySetLoader(KeySourceIdentity identity, DocumentRetriever retriever, TimeProvider time, bool isShared = false)
{
    // Metadata rarely changes; a failed fetch or an operator's refresh reads it again immediately.
    private static readonly TimeSpan MetadataLifetime = TimeSpan.FromHours(1);

    private readonly MetadataLoader _metadata = new(identity, retriever, time);
    private readonly JwksReader _reader = new(identity.Reading, time);

    public MetadataNames Names => _metadata.Names;

    /// <summary>Loads the keys. Never throws: every fault is a named failure.</summary>
    public async Task<KeySetLoad> LoadAsync(KeySetRequest request, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(request.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await AttemptAsync(request, either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return KeySetLoad.Failed(FetchFailure.Timeout, $"No complete response within {request.Timeout.TotalSeconds:0.#} s.");
        }
        catch (OperationCanceledException)
        {
            return KeySetLoad.Failed(FetchFailure.Stopped, "The source was closed.");
        }
        catch (Exception exception)
        {
            // The application's message handlers run within the attempt and may throw anything.
            return KeySetLoad.Failed(FetchFailure.Unreachable, $"The request failed ({exception.GetType().Name}).");
        }
    }

    /// <summary>Reads another replica's answer, under the same rules as this replica's own.</summary>
    /// <param name="fetchedAt">The monotonic time of the fetch.</param>
    /// <param name="known">The last valid answer, whose unchanged keys keep their objects; null if there is none.</param>
    public KeySetLoad Read(StoredAnswer stored, long fetchedAt, KeySetDocument? known)
    {
        if (stored.Jwks.Length > DocumentRetriever.MaximumBytes || stored.Metadata?.Length > DocumentRetriever.MaximumBytes)
            return KeySetLoad.Failed(FetchFailure.TooLarge, $"The document is larger than {DocumentRetriever.MaximumBytes / 1024} KiB.");

        MetadataDocument? metadata = null;
        if (identity.JwksUri is null)
        {
            var retrievedAt = time.TimestampBefore(fetchedAt, stored.MetadataAge);
            (metadata, var fault, var error) = MetadataDocument.Read(stored.Metadata ?? [], Names, identity.ShownAddress, retrievedAt);
            if (metadata is null)
                return KeySetLoad.Failed(fault!.Value, error!);
        }

        var address = identity.JwksUri ?? metadata!.JwksUri;
        if (stored.Address != address || !AddressGate.TryPass(address, identity.Http, out _, out _))
            return KeySetLoad.Failed(FetchFailure.InsecureAddress, "The address is not the configured or published address of the keys.");

        var answer = new RetrievedDocument(stored.Jwks, null, null) { ETag = stored.ETag, FreshFor = stored.FreshFor };
        return Read(answer, address, Comparable(known, address), known?.Set) with { Metadata = metadata };
    }

    private async Task<KeySetLoad> AttemptAsync(KeySetRequest request, CancellationToken cancellationToken)
    {
        if (identity.JwksUri is { } configured)
            return await LoadKeysAsync(configured, request, cancellationToken);

        var startedAt = time.GetTimestamp();
        var metadata = request.Metadata;
        var isDue = IsMetadataDue(request);
        if (isDue)
        {
            var renewed = await LoadMetadataAsync(request, request.Timeout / 2, cancellationToken);
            if (renewed.Failure is not null && (metadata is null || !request.NeedsKeys || !IsOutage(renewed)))
                return renewed;
            metadata = renewed.Metadata ?? metadata;
        }

        if (!request.NeedsKeys)
            return new KeySetLoad(null, null) { Metadata = metadata };

        var load = await LoadKeysAsync(metadata!.JwksUri, request, cancellationToken);
        if (isDue || (load.Document is { } document && request.IsAnsweredBy(document)))
            return load with { Metadata = metadata };

        // The keys may have moved: a miss or failure at the known address does not rule out the one that the issuer names now.
        var limit = (request.Timeout - time.GetElapsedTime(startedAt)) / 2;
        var again = await LoadMetadataAsync(request, limit, cancellationToken);
        if (again.Metadata is not { } newer)
            return IsOutage(again) ? load with { Metadata = metadata } : again;
        return newer.JwksUri == metadata.JwksUri
            ? load with { Metadata = newer }
            : await LoadKeysAsync(newer.JwksUri, request, cancellationToken) with { Metadata = newer };
    }

    private async Task<KeySetLoad> LoadKeysAsync(string? address, KeySetRequest request, CancellationToken cancellationToken)
    {
        if (address is null)
            return KeySetLoad.Failed(FetchFailure.NoJwksUri, "The metadata has no jwks_uri.");

        var previous = Comparable(request.Previous, address);
        var etag = request.Reason == JwksFetchReason.Operator ? null : previous?.ETag;
        var answer = await retriever.GetAsync(address, etag, request.AsksOrigin, cancellationToken);
        return answer.Failure is { } reason
            ? KeySetLoad.Failed(reason, answer.Error!) with { RetryAfter = answer.RetryAfter }
            : Read(answer, address, previous, request.Previous?.Set);
    }

    private KeySetLoad Read(RetrievedDocument answer, string address, KeySetDocument? previous, KeySet? reusable)
    {
        if (answer.IsNotModified)
        {
            return previous is null
                ? KeySetLoad.Failed(FetchFailure.Status, "The server answered with status 304 to an unconditional request.")
                : new KeySetLoad(previous with { ETag = answer.ETag ?? previous.ETag }, answer.FreshFor);
        }

        var hash = SHA256.HashData(answer.Body!);
        if (previous is not null && hash.AsSpan().SequenceEqual(previous.BodyHash))
            return new KeySetLoad(previous with { ETag = answer.ETag }, answer.FreshFor);

        var reading = _reader.Read(answer.Body!, reusable);
        return reading.Set is { } set
            ? new KeySetLoad(Document(set), answer.FreshFor) { Skipped = reading.Skipped }
            : KeySetLoad.Failed(reading.Failure!.Value, reading.Error!) with { Skipped = reading.Skipped };

        KeySetDocument Document(KeySet set) =>
            new(set, address, answer.ETag, hash) { Skipped = reading.Skipped, Body = isShared ? answer.Body : null };
    }

    // Certificates expire while the document stays the same.
    private KeySetDocument? Comparable(KeySetDocument? document, string address) =>
        document?.Address == address && identity.Reading.Authorities is null ? document : null;

    // Metadata remains usable during an outage, but not if the issuer now contradicts it.
    private static bool IsOutage(KeySetLoad load) => load.Failure != FetchFailure.IssuerMismatch;

    private bool IsMetadataDue(KeySetRequest request) =>
        request.Metadata is not { } known || !request.NeedsKeys || request.Reason == JwksFetchReason.Operator || request.MetadataIsSuspect
        || time.GetElapsedTime(known.RetrievedAt) >= MetadataLifetime;

    /// <summary>Reloads known metadata within a part of the timeout, so that a hanging server leaves time for the keys.</summary>
    private async Task<KeySetLoad> LoadMetadataAsync(KeySetRequest request, TimeSpan limit, CancellationToken cancellationToken)
    {
        var isLimited = request.Metadata is not null && request.NeedsKeys;
        using var budget = new CancellationTokenSource(isLimited ? limit : Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(budget.Token, cancellationToken);
        try
        {
            var load = await _metadata.LoadAsync(request.Metadata, request.AsksOrigin, either.Token);
            if (load.Metadata is { } metadata)
                request.MetadataFound?.Invoke(metadata);
            return load;
        }
        catch (OperationCanceledException) when (isLimited && !cancellationToken.IsCancellationRequested)
        {
            return KeySetLoad.Failed(FetchFailure.Timeout, "Metadata: no response in time.");
        }
    }
}
