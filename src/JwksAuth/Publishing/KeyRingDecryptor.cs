using System.Security.Cryptography;

namespace JwksAuth.Publishing;

/// <summary>Opens tokens with the private keys that the key ring holds in memory.</summary>
internal sealed class KeyRingDecryptor(KeyRing ring) : IJwksDecryptor
{
    public ValueTask<JwksDecryption> DecryptAsync(JwksEncryptedToken token, CancellationToken cancellationToken) =>
        new(ring.IsConfigured ? Decrypt(token) : JwksDecryption.Unavailable);

    private JwksDecryption Decrypt(JwksEncryptedToken token)
    {
        foreach (var key in ring.FindDecryptionKeys(token))
        {
            if (key.Material.FindContentKey(token) is not { } contentKey)
                continue;

            var content = token.Decrypt(contentKey);
            CryptographicOperations.ZeroMemory(contentKey);
            if (content is not null)
                return JwksDecryption.Decrypted(content);
        }

        return JwksDecryption.Refused;
    }
}
