namespace JwksAuth;

/// <summary>
/// Opens encrypted tokens and introspection responses. The one that is registered by default holds the private keys of the key ring in
/// memory; register another as a singleton to leave them in a key management service or a hardware module.
/// </summary>
public interface IJwksDecryptor
{
    /// <summary>
    /// Opens a token. An implementation finds the content encryption key and hands it to <see cref="JwksEncryptedToken.Decrypt"/>.
    /// </summary>
    /// <param name="token">The token. Its algorithms have been checked against those that the scheme accepts.</param>
    /// <param name="cancellationToken">The caller gives up.</param>
    /// <returns>
    /// The content; <see cref="JwksDecryption.Refused"/> if no key opens it; <see cref="JwksDecryption.Unavailable"/> if that cannot be said,
    /// which is also what an exception counts as.
    /// </returns>
    ValueTask<JwksDecryption> DecryptAsync(JwksEncryptedToken token, CancellationToken cancellationToken);
}
