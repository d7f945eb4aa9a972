namespace JwksAuth;

/// <summary>
/// Stores the signing keys of an issuer. The package stores them in a folder; implement this interface for a vault. Several threads use an
/// instance, and several processes use a store.
/// </summary>
public interface IJwksKeyStore
{
    /// <summary>
    /// Reads the stored keys. It is called for every signature and every published document: a remote store caches the result for as long
    /// as a revoked key may remain in use, and returns the same object until something changes.
    /// </summary>
    /// <returns>The stored keys; <see cref="JwksStoredKeys.Empty"/> if nothing was ever stored.</returns>
    /// <exception cref="JwksKeyStoreException">The store cannot be read.</exception>
    Task<JwksStoredKeys> ReadAsync(CancellationToken cancellationToken = default);

    /// <summary>Replaces the stored keys atomically, unless another process has changed them since they were read.</summary>
    /// <param name="keys">The keys to store, with the <see cref="JwksStoredKeys.Version"/> that was read; the store increments it.</param>
    /// <param name="cancellationToken">Cancels the call; nothing is changed then.</param>
    /// <returns>False if the stored version has changed: read and decide again.</returns>
    /// <exception cref="JwksKeyStoreException">The store cannot be written; it is unchanged.</exception>
    Task<bool> TryReplaceAsync(JwksStoredKeys keys, CancellationToken cancellationToken = default);
}
