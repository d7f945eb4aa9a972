
using JwksAuth.OwnKeys.Material;

namespace JwksAuth.OwnKeys.Ring;

/// <summary>Opens tokens with the private keys that the key ring holds in memory.</summary>
internal sealed class KeyRingDecryptor(KeyRing ring) : IJwksDecryptor
{
    public ValueTask<JwksDecryption> DecryptAsync(JwksEncryptedToken token, CancellationToken cancellationToken) =>
        new(ring.IsConfigured ? Decrypt(token) : JwksDecryption.Unavailable);

    private JwksDecryption Decrypt(JwksEncryptedToken token) =>
        RingKey.Decrypt(ring.FindDecryptionKeys(token), token) is { } content ? JwksDecryption.Decrypted(content) : JwksDecryption.Refused;
}
