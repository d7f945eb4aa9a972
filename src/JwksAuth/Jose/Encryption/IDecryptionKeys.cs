using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Jose.Encryption;

/// <summary>Creates decryptors from private keys that an application created with IdentityModel.</summary>
internal interface IDecryptionKeys
{
    /// <param name="withRegistered">Whether to try the registered <see cref="IJwksDecryptor"/> if these keys fail.</param>
    JweOpener CreateOpener(IReadOnlyList<SecurityKey> keys, bool withRegistered, Action<SecurityKey, string> report);
}
