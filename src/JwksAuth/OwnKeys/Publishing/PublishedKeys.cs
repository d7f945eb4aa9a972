using System.Collections.Immutable;
using JwksAuth.OwnKeys.Material;

namespace JwksAuth.OwnKeys.Publishing;

/// <summary>Keys to publish. The object stays the same until they change.</summary>
/// <param name="Keys">The keys, in the order in which they are published.</param>
/// <param name="MaximumAge">How long readers may keep them.</param>
internal sealed record PublishedKeys(ImmutableArray<RingKey> Keys, TimeSpan MaximumAge);

/// <summary>Something that has keys to publish.</summary>
internal interface IPublishedKeysSource
{
    /// <summary>The keys; null if it is not known which.</summary>
    ValueTask<PublishedKeys?> GetPublishedKeysAsync(CancellationToken cancellationToken);
}
