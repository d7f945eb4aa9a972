using System.Collections.Immutable;
using JwksAuth.OwnKeys.Material;

namespace JwksAuth.OwnKeys.Publishing;

/// <summary>Keys to publish. The same object is returned until they change.</summary>
/// <param name="MaximumAge">How long clients may cache them.</param>
internal sealed record PublishedKeys(ImmutableArray<RingKey> Keys, TimeSpan MaximumAge);

internal interface IPublishedKeysSource
{
    /// <summary>The keys; null if they cannot be read.</summary>
    ValueTask<PublishedKeys?> GetPublishedKeysAsync(CancellationToken cancellationToken);
}
