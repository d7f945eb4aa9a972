
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Keys.Remote;

/// <summary>
/// The metadata of the issuer: a document apart from its keys, which is good or not, and old or not, whatever becomes of them. Guarded by its
/// owner's lock, but for <see cref="Current"/>.
/// </summary>
internal sealed class IssuerMetadata
{
    private volatile MetadataDocument? _current;
    private MetadataDocument? _suspect;
    private TaskCompletionSource _change = NewChange();

    /// <summary>The last good metadata, whatever its age; null before the first, and if the address of the keys was configured.</summary>
    public MetadataDocument? Current => _current;

    /// <summary>Whether the current metadata proved wrong.</summary>
    public bool IsSuspect => _suspect is { } suspect && ReferenceEquals(suspect, _current);

    /// <summary>Completes when there is other metadata.</summary>
    public Task Change => _change.Task;

    /// <param name="seen">The metadata that proved wrong; null if none was known.</param>
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
