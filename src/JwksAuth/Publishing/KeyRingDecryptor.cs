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
            if (Open(key, token) is { } content)
                return JwksDecryption.Decrypted(content);
        }

        return JwksDecryption.Refused;
    }

    private static byte[]? Open(RingKey key, JwksEncryptedToken token)
    {
        byte[]? contentKey = null;
        try
        {
            contentKey = key.Material.FindContentKey(token);
            return contentKey is null ? null : token.Decrypt(contentKey);
        }
        catch (Exception)
        {
            // The key is in memory and was tried out when it was loaded, so the text that the sender chose is to blame, whatever the exception.
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(contentKey);
        }
    }
}
