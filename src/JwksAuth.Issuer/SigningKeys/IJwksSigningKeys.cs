using Microsoft.IdentityModel.Tokens;

namespace JwksAuth;

/// <summary>Provides the issuer's current signing key from the key store.</summary>
public interface IJwksSigningKeys
{
    /// <summary>
    /// Returns the current key. Call it for each token: promotions and revocations take effect with the next call. Tokens must not live
    /// longer than <see cref="JwksStoredKeys.TokenLifetime"/>, because their key is not published after that.
    /// </summary>
    /// <exception cref="JwksKeyStoreException">There is no current key, or the store has never been readable.</exception>
    ValueTask<SigningCredentials> GetSigningCredentialsAsync(CancellationToken cancellationToken = default);
}
