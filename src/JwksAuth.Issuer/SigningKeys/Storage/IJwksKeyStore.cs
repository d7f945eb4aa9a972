namespace JwksAuth;

/// <summary>
/// Where the signing keys of an issuer are kept. The package has a folder of files; implement this for a vault. Instances are used by several threads,
/// and a store by several processes.
/// </summary>
public interface IJwksKeyStore
{
    /// <summary>
    /// Reads what is stored. It is called for every signature and every published document: a remote store keeps its answer in memory for as
    /// long as a revoked key may go on, and returns the same object until something changed.
    /// </summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What is stored; <see cref="JwksStoredKeys.Empty"/> if nothing ever was.</returns>
    /// <exception cref="JwksKeyStoreException">The store cannot be read.</exception>
    Task<JwksStoredKeys> ReadAsync(CancellationToken cancellationToken = default);

    /// <summary>Replaces what is stored, all of it or nothing, unless somebody else was quicker.</summary>
    /// <param name="keys">What to store. Its <see cref="JwksStoredKeys.Version"/> is the one that was read; one more is stored.</param>
    /// <param name="cancellationToken">Gives up; nothing is changed then.</param>
    /// <returns>False if the stored version is another by now: read again, and decide again.</returns>
    /// <exception cref="JwksKeyStoreException">The store cannot be written; it is as it was.</exception>
    Task<bool> TryReplaceAsync(JwksStoredKeys keys, CancellationToken cancellationToken = default);
}
