using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Jose.Encryption;

/// <summary>Decrypts the content of a JWE: GCM with the platform, CBC with HMAC with IdentityModel. Never throws.</summary>
internal static class ContentDecryption
{
    public static byte[]? Decrypt(
        ContentEncryptionAlgorithm algorithm, ReadOnlySpan<byte> key, byte[] vector, byte[] ciphertext, byte[] tag, byte[] additionalData)
    {
        if (key.Length != algorithm.KeyLength() || vector.Length != algorithm.VectorLength() || tag.Length != algorithm.TagLength())
            return null;

        try
        {
            return algorithm.IsGcm()
                ? DecryptGcm(key, vector, ciphertext, tag, additionalData)
                : DecryptCbc(algorithm, key, vector, ciphertext, tag, additionalData);
        }
        catch (Exception exception) when (exception is CryptographicException or SecurityTokenException or ArgumentException)
        {
            return null;
        }
    }

    private static byte[] DecryptGcm(ReadOnlySpan<byte> key, byte[] vector, byte[] ciphertext, byte[] tag, byte[] additionalData)
    {
        using var gcm = new AesGcm(key, tag.Length);
        var plaintext = new byte[ciphertext.Length];
        gcm.Decrypt(vector, ciphertext, tag, plaintext, additionalData);
        return plaintext;
    }

    private static byte[] DecryptCbc(
        ContentEncryptionAlgorithm algorithm, ReadOnlySpan<byte> key, byte[] vector, byte[] ciphertext, byte[] tag, byte[] additionalData)
    {
        using var provider = new AuthenticatedEncryptionProvider(new SymmetricSecurityKey(key.ToArray()), algorithm.NameOf());
        return provider.Decrypt(ciphertext, additionalData, vector, tag);
    }
}
