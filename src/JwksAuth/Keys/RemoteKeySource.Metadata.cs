using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Keys;

/// <content>
/// The metadata of the issuer: a document apart from its keys, which is good or not, and old or not, whatever becomes of them.
/// </content>
internal sealed partial class RemoteKeySource
{
    private volatile MetadataDocument? _metadata;
    private volatile bool _needsKeys = true;
    private MetadataDocument? _suspect;
    private TaskCompletionSource _nextMetadata = NewWord();

    /// <summary>The last good metadata, whatever its age; null before the first, and if the address of the keys was configured.</summary>
    public MetadataDocument? Metadata => _metadata;

    /// <summary>Whether anybody who uses the source needs its keys: where only its metadata is of interest, no key set is fetched.</summary>
    public bool NeedsKeys
    {
        get => _needsKeys;
        set => _needsKeys = value;
    }

    private bool IsIssuerConfirmed => Identity.JwksUri is not null || _metadata is not null;

    private bool IsMetadataSuspect => _suspect is { } suspect && ReferenceEquals(suspect, _metadata);

    /// <summary>The metadata, after a fetch if there is none and one is allowed or under way. Waits for nothing but the metadata.</summary>
    public Task<MetadataDocument?> ReadMetadataAsync(CancellationToken cancellationToken) => ReadMetadataUnlessAsync(null, cancellationToken);

    /// <summary>
    /// Metadata that is newer than the one that proved wrong: read again at once if the cooldown allows a fetch, and with the next fetch if not.
    /// </summary>
    /// <param name="wrong">The metadata that proved wrong.</param>
    /// <param name="cancellationToken">The caller gave up; the fetch itself goes on for the others.</param>
    public Task<MetadataDocument?> ReplaceMetadataAsync(MetadataDocument wrong, CancellationToken cancellationToken) =>
        ReadMetadataUnlessAsync(wrong, cancellationToken);

    private async Task<MetadataDocument?> ReadMetadataUnlessAsync(MetadataDocument? seen, CancellationToken cancellationToken)
    {
        // A fetch under way may have read the metadata before it changed, or not at all: after it there is one more chance.
        for (var isJoined = false; ; isJoined = true)
        {
            Task<JwksRefreshResult> flight;
            Task news;
            bool isOurs;
            lock (_gate)
            {
                if (_disposed || !ReferenceEquals(_metadata, seen))
                    return _metadata;
                _suspect = seen;
                isOurs = _flight is null;
                if (isOurs && _window.RemainingOf(_tuning.Window) > TimeSpan.Zero)
                    return _metadata;
                news = _nextMetadata.Task;
                flight = _flight ?? StartFlight(JwksFetchReason.Token);
            }

            await Task.WhenAny(flight, news).WaitAsync(cancellationToken);
            if (isOurs || isJoined)
                return _metadata;
        }
    }

    private void TakeMetadata(MetadataDocument? metadata, int clears)
    {
        lock (_gate)
        {
            if (metadata is null || _disposed || clears != _clears || ReferenceEquals(metadata, _metadata) || metadata.RetrievedAt < _metadata?.RetrievedAt)
                return;
            _metadata = metadata;
            _nextMetadata.TrySetResult();
            _nextMetadata = NewWord();
        }
    }
}
