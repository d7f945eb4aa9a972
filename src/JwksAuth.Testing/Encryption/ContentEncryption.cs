using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Testing;

/// <summary>Encrypts content (RFC 7518 section 5) by the platform and IdentityModel.</summary>
internal static class ContentEncryption
{
    public static int KeyLength(string encryption) => encryption switch
    {
        "A128GCM" => 16,
        "A192GCM" => 24,
        "A256GCM" or "A128CBC-HS256" => 32,
        "A192CBC-HS384" => 48,
        "A256CBC-HS512" => 64,
        _ => throw new NotSupportedException($"The content encryption {encryption} is not supported."),
    };

    public static (byte[] Vector, byte[] Ciphertext, byte[] Tag) Encrypt(
        string encryption, byte[] key, byte[] content, byte[] additionalData)
    {
        if (!encryption.EndsWith("GCM", StringComparison.Ordinal))
        {
            using var provider = new AuthenticatedEncryptionProvider(new SymmetricSecurityKey(key), encryption);
            var result = provider.Encrypt(content, additionalData);
            return (result.IV, result.Ciphertext, result.AuthenticationTag);
        }

        var vector = RandomNumberGenerator.GetBytes(AesGcm.NonceByteSizes.MaxSize);
        var tag = new byte[AesGcm.TagByteSizes.MaxSize];
        var ciphertext = new byte[content.Length];
        using var gcm = new AesGcm(key, tag.Length);
        gcm.Encrypt(vector, content, ciphertext, tag, additionalData);
        return (vector, ciphertext, tag);
    }
}
