using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Jose.Encryption;

/// <summary>Opens encrypted tokens with private keys that an application made with IdentityModel.</summary>
internal interface IDecryptionKeys
{
    /// <param name="keys">The private keys.</param>
    /// <param name="withRegistered">Whether the registered <see cref="IJwksDecryptor"/> is asked about what these keys do not open.</param>
    /// <param name="report">Takes a key that cannot be used, and what is wrong with it and what to do.</param>
    JweOpener CreateOpener(IReadOnlyList<SecurityKey> keys, bool withRegistered, Action<SecurityKey, string> report);
}
