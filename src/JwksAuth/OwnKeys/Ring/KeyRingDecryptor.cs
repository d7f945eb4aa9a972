using JwksAuth.OwnKeys.Material;

namespace JwksAuth.OwnKeys.Ring;

/// <summary>Decrypts tokens with the private keys of the key ring.</summary>
internal sealed class KeyRingDecryptor(KeyRing ring) : IJwksDecryptor
{
    public ValueTask<JwksDecryption> DecryptAsync(JwksEncryptedToken token, CancellationToken cancellationToken) =>
        new(ring.IsConfigured ? Decrypt(token) : JwksDecryption.Unavailable);

    private JwksDecryption Decrypt(JwksEncryptedToken token) =>
        RingKey.Decrypt(ring.FindDecryptionKeys(token), token) is { } content ? JwksDecryption.Decrypted(content) : JwksDecryption.Refused;
}
