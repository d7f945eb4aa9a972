using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Testing;

/// <summary>Encrypts a text for an RSA key in the JWE compact serialization (RFC 7516 section 7.1).</summary>
internal static class JweWriter
{
    internal static string Write(string text, JsonObject jwk, string alg, string enc)
    {
        var header = new JsonObject { ["alg"] = alg, ["enc"] = enc, ["cty"] = "JWT", ["kid"] = (string?)jwk["kid"] };
        var encodedHeader = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header.ToJsonString()));
        var key = RandomNumberGenerator.GetBytes(KeyLength(enc));
        var content = Encrypt(Encoding.UTF8.GetBytes(text), key, enc, Encoding.ASCII.GetBytes(encodedHeader));
        return string.Join('.', encodedHeader, Encode(EncryptKey(key, jwk, alg)), Encode(content.Vector), Encode(content.Ciphertext), Encode(content.Tag));
    }

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);

    private static int KeyLength(string enc) => enc switch
    {
        "A128GCM" => 16,
        "A192GCM" => 24,
        "A256GCM" or "A128CBC-HS256" => 32,
        "A192CBC-HS384" => 48,
        "A256CBC-HS512" => 64,
        _ => throw new ArgumentException($"The content encryption '{enc}' is not supported.", nameof(enc)),
    };

    private static byte[] EncryptKey(byte[] key, JsonObject jwk, string alg)
    {
        using var rsa = RSA.Create(new RSAParameters
        {
            Modulus = Base64Url.DecodeFromChars((string)jwk["n"]!),
            Exponent = Base64Url.DecodeFromChars((string)jwk["e"]!),
        });
        return rsa.Encrypt(key, alg switch
        {
            "RSA-OAEP" => RSAEncryptionPadding.OaepSHA1,
            "RSA-OAEP-256" => RSAEncryptionPadding.OaepSHA256,
            _ => throw new ArgumentException($"The key encryption '{alg}' is not supported.", nameof(alg)),
        });
    }

    private static (byte[] Vector, byte[] Ciphertext, byte[] Tag) Encrypt(byte[] plaintext, byte[] key, string enc, byte[] additionalData)
    {
        if (enc.EndsWith("GCM", StringComparison.Ordinal))
        {
            var (vector, ciphertext, tag) = (RandomNumberGenerator.GetBytes(12), new byte[plaintext.Length], new byte[16]);
            using var gcm = new AesGcm(key, tag.Length);
            gcm.Encrypt(vector, plaintext, ciphertext, tag, additionalData);
            return (vector, ciphertext, tag);
        }

        using var provider = new AuthenticatedEncryptionProvider(new SymmetricSecurityKey(key), enc);
        var result = provider.Encrypt(plaintext, additionalData);
        return (result.IV, result.Ciphertext, result.AuthenticationTag);
    }
}
