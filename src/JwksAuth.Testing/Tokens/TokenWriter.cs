using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace JwksAuth.Testing;

/// <summary>Writes tokens in the JWS compact serialization (RFC 7515 section 7.1).</summary>
internal static class TokenWriter
{
    // Like issuers, this does not escape the plus in "at+jwt".
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static string Write(FakeToken token)
    {
        var header = token.RawHeader is { } rawHeader ? Encode(rawHeader) : Encode(token.Header);
        var payload = token.RawPayload is { } rawPayload ? Encode(rawPayload) : Encode(token.Claims);
        var signingInput = $"{header}.{payload}";
        return $"{signingInput}.{Base64Url.EncodeToString(CreateSignature(token, Encoding.ASCII.GetBytes(signingInput)))}";
    }

    private static string Encode(JsonObject members)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text, Plain))
            members.WriteTo(writer);
        return Base64Url.EncodeToString(text.WrittenSpan);
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static byte[] CreateSignature(FakeToken token, byte[] signingInput) => token.Signature switch
    {
        TokenSignature.None => [],
        TokenSignature.HmacOfPublicKey => HMACSHA256.HashData(Encoding.ASCII.GetBytes(token.SigningKey.ExportPublicKeyPem()), signingInput),
        TokenSignature.Wrong => FlipLastBit(Sign(token, signingInput)),
        _ => Sign(token, signingInput),
    };

    private static byte[] Sign(FakeToken token, byte[] signingInput) =>
        token.SigningKey.Sign(signingInput, token.SigningAlgorithm, token.EcdsaFormat);

    private static byte[] FlipLastBit(byte[] signature)
    {
        signature[^1] ^= 1;
        return signature;
    }
}
