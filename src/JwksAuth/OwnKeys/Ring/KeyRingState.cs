using System.Collections.Immutable;
using JwksAuth.Jose.Encryption;
using JwksAuth.OwnKeys.Material;
using JwksAuth.OwnKeys.Publishing;

namespace JwksAuth.OwnKeys.Ring;

/// <summary>A key that configuration no longer has, and until when it still decrypts.</summary>
/// <param name="Key">The key.</param>
/// <param name="WithdrawnAt">The clock's timestamp when it was seen withdrawn.</param>
/// <param name="Grace">How long it decrypts from then on.</param>
internal sealed record WithdrawnKey(RingKey Key, long WithdrawnAt, TimeSpan Grace);

/// <summary>The key ring at one moment. Immutable: a reload makes another.</summary>
/// <param name="Keys">The configured keys, in the order of the configuration.</param>
/// <param name="Withdrawn">The keys that were configured before, newest first.</param>
/// <param name="CacheDuration">How long readers may keep the published set.</param>
internal sealed record KeyRingState(ImmutableArray<RingKey> Keys, ImmutableArray<WithdrawnKey> Withdrawn, TimeSpan CacheDuration)
{
    /// <summary>The most keys that are tried for one token: trying is work that its sender chooses.</summary>
    public const int MaximumKeysPerToken = 4;

    private static readonly TimeSpan LeastGrace = TimeSpan.FromSeconds(60);

    public static KeyRingState Empty { get; } = new([], [], TimeSpan.Zero);

    /// <summary>What is published: encryption keys first, each kind newest first.</summary>
    public PublishedKeys Published => field ??= new([.. Keys.Where(key => key.IsActive).OrderByDescending(key => key.IsForEncryption)], CacheDuration);

    /// <summary>The state after these keys were configured in place of those before.</summary>
    public KeyRingState Replace(IReadOnlyList<RingKey> keys, TimeSpan cacheDuration, TimeProvider time)
    {
        var identities = keys.Select(key => key.Identity).ToHashSet(StringComparer.Ordinal);
        var now = time.GetTimestamp();
        var grace = CacheDuration > LeastGrace ? CacheDuration : LeastGrace;
        var dropped = Keys.Where(key => key.IsForEncryption && !identities.Contains(key.Identity)).Select(key => new WithdrawnKey(key, now, grace));
        var remaining = Withdrawn.Where(key => IsLive(key, time) && !identities.Contains(key.Key.Identity));
        return new KeyRingState([.. keys], [.. dropped, .. remaining], cacheDuration);
    }

    /// <summary>
    /// The keys to try for a token: only the one that it names, and none if that is not in the ring, because a private operation is expensive and its
    /// sender has proved nothing. A token without a kid is tried with all live keys, up to the maximum, and a key to which nobody gave a kid answers for any.
    /// </summary>
    public IEnumerable<RingKey> FindDecryptionKeys(string? keyId, KeyManagementAlgorithm algorithm, TimeProvider time) => Keys
        .Concat(Withdrawn.Where(key => IsLive(key, time)).Select(key => key.Key))
        .Where(key => key.MayDecrypt(algorithm) && (keyId is null || key.KeyId == keyId || key.KeyId.Length == 0))
        .Take(MaximumKeysPerToken);

    private static bool IsLive(WithdrawnKey key, TimeProvider time) => time.GetElapsedTime(key.WithdrawnAt) <= key.Grace;
}
