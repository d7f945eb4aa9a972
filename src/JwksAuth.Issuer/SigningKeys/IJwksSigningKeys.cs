using Microsoft.IdentityModel.Tokens;

namespace JwksAuth;

/// <summary>Signs with the current key of the issuer's key store.</summary>
public interface IJwksSigningKeys
{
    /// <summary>
    /// The current key. Ask for each token: a key that was promoted or revoked counts from the next call on. Tokens may not live longer than
    /// <see cref="JwksStoredKeys.TokenLifetime"/>, or they outlive the publication of their key.
    /// </summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="JwksKeyStoreException">There is no current key, or the store cannot be read and never was.</exception>
    ValueTask<SigningCredentials> GetSigningCredentialsAsync(CancellationToken cancellationToken = default);
}
