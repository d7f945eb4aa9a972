using System.Collections.Immutable;
using JwksAuth.Jose.Encryption;
using JwksAuth.OwnKeys.Material;
using JwksAuth.OwnKeys.Publishing;

namespace JwksAuth.OwnKeys.Ring;

/// <summary>A key that was removed from the configuration but still decrypts for a while.</summary>
internal sealed record WithdrawnKey(RingKey Key, long WithdrawnAt, TimeSpan Grace);

/// <summary>The key ring at one moment. Immutable: a reload creates another.</summary>
/// <param name="Withdrawn">Keys that were removed, newest first.</param>
/// <param name="CacheDuration">How long clients may cache the published set.</param>
internal sealed record KeyRingState(ImmutableArray<RingKey> Keys, ImmutableArray<WithdrawnKey> Withdrawn, TimeSpan CacheDuration)
{
    /// <summary>The maximum number of keys to try for one token, because its sender sets our CPU cost.</summary>
    public const int MaximumKeysPerToken = 4;

    private static readonly TimeSpan LeastGrace = TimeSpan.FromSeconds(60);

    public static KeyRingState Empty { get; } = new([], [], TimeSpan.Zero);

    /// <summary>The published keys: encryption keys first, each kind newest first.</summary>
    public PublishedKeys Published =>
        field ??= new([.. Keys.Where(key => key.IsActive).OrderByDescending(key => key.IsForEncryption)], CacheDuration);

    public KeyRingState Replace(IReadOnlyList<RingKey> keys, TimeSpan cacheDuration, TimeProvider time)
    {
        var identities = keys.Select(key => key.Identity).ToHashSet(StringComparer.Ordinal);
        var now = time.GetTimestamp();
        var grace = CacheDuration > LeastGrace ? CacheDuration : LeastGrace;
        var dropped = Keys.Where(key => key.IsForEncryption && !identities.Contains(key.Identity))
            .Select(key => new WithdrawnKey(key, now, grace));
        var remaining = Withdrawn.Where(key => IsLive(key, time) && !identities.Contains(key.Key.Identity));
        return new KeyRingState([.. keys], [.. dropped, .. remaining], cacheDuration);
    }

    /// <summary>
    /// The keys to try for a token: only the key that it names, because a private-key operation is expensive and the sender is not
    /// authenticated. A token without a kid is tried with all live keys, up to the maximum. A key without a kid is tried for every token.
    /// </summary>
    public IEnumerable<RingKey> FindDecryptionKeys(string? keyId, KeyManagementAlgorithm algorithm, TimeProvider time) => Keys
        .Concat(Withdrawn.Where(key => IsLive(key, time)).Select(key => key.Key))
        .Where(key => key.MayDecrypt(algorithm) && (keyId is null || key.KeyId == keyId || key.KeyId.Length == 0))
        .Take(MaximumKeysPerToken);

    private static bool IsLive(WithdrawnKey key, TimeProvider time) => time.GetElapsedTime(key.WithdrawnAt) <= key.Grace;
}
