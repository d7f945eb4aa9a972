using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Keys.Remote;

/// <summary>The issuer's metadata, independent of the keys. Guarded by its owner's lock, except for <see cref="Current"/>.</summary>
internal sealed class IssuerMetadata
{
    private volatile MetadataDocument? _current;
    private MetadataDocument? _suspect;
    private TaskCompletionSource _change = NewChange();

    /// <summary>The last valid metadata of any age; null before the first, or if the JWKS address is configured.</summary>
    public MetadataDocument? Current => _current;

    public bool IsSuspect => _suspect is { } suspect && ReferenceEquals(suspect, _current);

    public Task Change => _change.Task;

    /// <param name="seen">The metadata that proved wrong; null if there was none.</param>
    public void Suspect(MetadataDocument? seen) => _suspect = seen;

    public void Take(MetadataDocument metadata)
    {
        if (ReferenceEquals(metadata, _current) || metadata.RetrievedAt < _current?.RetrievedAt)
            return;
        _current = metadata;
        _change.TrySetResult();
        _change = NewChange();
    }

    public void Clear() => _current = null;

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
