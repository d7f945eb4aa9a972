using System.Security.Cryptography;
using JwksAuth.Keys.Reading;
using JwksAuth.Keys.Sharing;
using Polly;
using Polly.Timeout;

namespace JwksAuth.Keys.Retrieval;

/// <summary>One attempt at the keys of an issuer: metadata if it is due, then the JWKS, all within one timeout. Keeps no state.</summary>
/// <param name="identity">The source.</param>
/// <param name="retriever">Fetches its documents.</param>
/// <param name="time">The clock of the source.</param>
/// <param name="isShared">Whether good answers are handed on to other replicas, body and all.</param>
internal sealed class KeySetLoader(KeySourceIdentity identity, DocumentRetriever retriever, TimeProvider time, bool isShared = false)
{
    // Metadata changes once in years; a failed fetch or an operator's refresh asks for it again at once.
    private static readonly TimeSpan MetadataLifetime = TimeSpan.FromHours(1);

    private readonly JwksReader _reader = new(identity.Reading, time);

    /// <summary>Never throws: every fault is a named failure.</summary>
    public async Task<KeySetLoad> LoadAsync(KeySetRequest request, CancellationToken cancellationToken)
    {
        var attempt = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddTimeout(new TimeoutStrategyOptions { Timeout = request.Timeout })
            .Build();
        try
        {
            return await attempt.ExecuteAsync(async token => await AttemptAsync(request, token), cancellationToken);
        }
        catch (TimeoutRejectedException)
        {
            return KeySetLoad.Failed(FetchFailure.Timeout, $"No whole answer within {request.Timeout.TotalSeconds:0.#} s.");
        }
        catch (OperationCanceledException)
        {
            return KeySetLoad.Failed(FetchFailure.Stopped, "The source was closed.");
        }
        catch (Exception exception)
        {
            // The application's own message handlers run inside the attempt and may throw anything.
            return KeySetLoad.Failed(FetchFailure.Unreachable, $"The request failed ({exception.GetType().Name}).");
        }
    }

    /// <summary>Reads an answer that another replica was given, by every rule that holds for one of our own.</summary>
    /// <param name="shared">The answer.</param>
    /// <param name="fetchedAt">The monotonic time at which it was fetched.</param>
    /// <param name="known">The last good answer: a key that stays keeps its object; null if there is none.</param>
    public KeySetLoad Read(SharedDocument shared, long fetchedAt, KeySetDocument? known)
    {
        if (shared.Jwks.Length > DocumentRetriever.MaximumBytes || shared.Metadata?.Length > DocumentRetriever.MaximumBytes)
            return KeySetLoad.Failed(FetchFailure.TooLarge, $"The document is larger than {DocumentRetriever.MaximumBytes / 1024} KiB.");

        MetadataDocument? metadata = null;
        if (identity.JwksUri is null)
        {
            var retrievedAt = time.TimestampBefore(fetchedAt, shared.MetadataAge);
            (metadata, var fault, var error) = MetadataDocument.Read(shared.Metadata ?? [], identity.Issuer, retrievedAt);
            if (metadata is null)
                return KeySetLoad.Failed(fault!.Value, error!);
        }

        var address = identity.JwksUri ?? metadata!.JwksUri;
        if (shared.Address != address || !Uri.TryCreate(address, UriKind.Absolute, out var uri) || !DocumentRetriever.IsAllowed(uri, identity.Http))
            return KeySetLoad.Failed(FetchFailure.InsecureAddress, "The address is not the one that keys are taken from.");

        var answer = new RetrievedDocument(shared.Jwks, null, null) { ETag = shared.ETag, FreshFor = shared.FreshFor };
        return Read(answer, address, metadata, Comparable(known, address), known?.Set);
    }

    private async Task<KeySetLoad> AttemptAsync(KeySetRequest request, CancellationToken cancellationToken)
    {
        var metadata = request.Previous?.Metadata;
        if (identity.JwksUri is null && IsMetadataDue(metadata, request))
        {
            var (renewed, failure) = await RenewMetadataAsync(request, cancellationToken);
            if (failure is not null && (metadata is null || !IsOutage(failure)))
                return failure;
            metadata = renewed ?? metadata;
        }

        var address = identity.JwksUri ?? metadata!.JwksUri;
        var previous = Comparable(request.Previous, address);
        var answer = await retriever.GetAsync(address, previous?.ETag, request.BypassCaches, cancellationToken);
        if (answer.Failure is { } reason)
            return KeySetLoad.Failed(reason, answer.Error!);

        return Read(answer, address, metadata, previous, request.Previous?.Set);
    }

    private KeySetLoad Read(
        RetrievedDocument answer, string address, MetadataDocument? metadata, KeySetDocument? previous, KeySet? reusable)
    {
        if (answer.IsNotModified)
        {
            return previous is null
                ? KeySetLoad.Failed(FetchFailure.Status, "The server answered with status 304 to an unconditional request.")
                : new KeySetLoad(previous with { Metadata = metadata, ETag = answer.ETag ?? previous.ETag }, answer.FreshFor);
        }

        var hash = SHA256.HashData(answer.Body!);
        if (previous is not null && hash.AsSpan().SequenceEqual(previous.BodyHash))
            return new KeySetLoad(previous with { Metadata = metadata, ETag = answer.ETag }, answer.FreshFor);

        var reading = _reader.Read(answer.Body!, reusable);
        return reading.Set is { } set
            ? new KeySetLoad(Document(set), answer.FreshFor) { Skipped = reading.Skipped }
            : KeySetLoad.Failed(reading.Failure!.Value, reading.Error!) with { Skipped = reading.Skipped };

        KeySetDocument Document(KeySet set) =>
            new(set, address, metadata, answer.ETag, hash) { Skipped = reading.Skipped, Body = isShared ? answer.Body : null };
    }

    // Certificates run out while the document that holds them stays the same.
    private KeySetDocument? Comparable(KeySetDocument? document, string address) =>
        document?.Address == address && identity.Reading.Authorities is null ? document : null;

    // What the metadata said before outlives its outage; what it says now does not.
    private static bool IsOutage(KeySetLoad load) => load.Failure is not (FetchFailure.IssuerMismatch or FetchFailure.NoJwksUri);

    private bool IsMetadataDue(MetadataDocument? known, KeySetRequest request) =>
        known is null || request.BypassCaches || request.MetadataIsSuspect || time.GetElapsedTime(known.RetrievedAt) >= MetadataLifetime;

    /// <summary>Metadata that is known already gets half of the time, so that a hanging server leaves the other half to the keys.</summary>
    private async Task<(MetadataDocument? Metadata, KeySetLoad? Failure)> RenewMetadataAsync(
        KeySetRequest request, CancellationToken cancellationToken)
    {
        if (request.Previous?.Metadata is null)
            return await LoadMetadataAsync(request, cancellationToken);

        using var patience = new CancellationTokenSource(request.Timeout / 2, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await LoadMetadataAsync(request, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, KeySetLoad.Failed(FetchFailure.Timeout, "Metadata: no answer in time."));
        }
    }

    private async Task<(MetadataDocument? Metadata, KeySetLoad? Failure)> LoadMetadataAsync(
        KeySetRequest request, CancellationToken cancellationToken)
    {
        var answer = await retriever.GetAsync(identity.MetadataAddress!, null, request.BypassCaches, cancellationToken);
        if (answer.IsAbsent && identity.FallbackMetadataAddress is { } fallback)
            answer = await retriever.GetAsync(fallback, null, request.BypassCaches, cancellationToken);

        if (answer.Failure is { } failure)
            return (null, KeySetLoad.Failed(failure, "Metadata: " + answer.Error));
        if (answer.Body is not { } body)
            return (null, KeySetLoad.Failed(FetchFailure.Status, "Metadata: the server answered with status 304 to an unconditional request."));

        var (document, fault, error) = MetadataDocument.Read(body, identity.Issuer, time.GetTimestamp());
        return document is not null ? (document, null) : (null, KeySetLoad.Failed(fault!.Value, error!));
    }
}
