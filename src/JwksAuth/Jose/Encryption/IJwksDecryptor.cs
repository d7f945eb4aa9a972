namespace JwksAuth;

/// <summary>
/// Decrypts tokens and introspection responses. The default implementation uses the private keys of the key ring in memory. Register
/// another one as a singleton to keep the keys in a key management service or hardware module.
/// </summary>
public interface IJwksDecryptor
{
    /// <summary>Decrypts a token: finds the content encryption key and passes it to <see cref="JwksEncryptedToken.Decrypt"/>.</summary>
    /// <param name="token">The token, whose algorithms the scheme accepts.</param>
    /// <returns>
    /// The content; <see cref="JwksDecryption.Refused"/> if no key fits; <see cref="JwksDecryption.Unavailable"/> if that is unknown. An
    /// exception counts as unavailable.
    /// </returns>
    ValueTask<JwksDecryption> DecryptAsync(JwksEncryptedToken token, CancellationToken cancellationToken);
}
