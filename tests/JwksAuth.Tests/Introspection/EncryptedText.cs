using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace JwksAuth.Tests.Introspection;

/// <summary>Writes a JWE (RSA-OAEP, A256GCM) with any header around any text.</summary>
internal static class EncryptedText
{
    public static string Write(RSA recipient, string text, Action<JsonObject>? configure = null)
    {
        var header = new JsonObject { ["alg"] = "RSA-OAEP", ["enc"] = "A256GCM", ["kid"] = "enc-1" };
        configure?.Invoke(header);
        var encodedHeader = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header.ToJsonString()));
        var (key, vector, tag) = (RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(12), new byte[16]);
        var plaintext = Encoding.UTF8.GetBytes(text);
        var ciphertext = new byte[plaintext.Length];
        using var gcm = new AesGcm(key, tag.Length);
        gcm.Encrypt(vector, plaintext, ciphertext, tag, Encoding.ASCII.GetBytes(encodedHeader));
        byte[][] parts = [recipient.Encrypt(key, RSAEncryptionPadding.OaepSHA1), vector, ciphertext, tag];
        return string.Join('.', parts.Select(part => Base64Url.EncodeToString(part)).Prepend(encodedHeader));
    }
}
