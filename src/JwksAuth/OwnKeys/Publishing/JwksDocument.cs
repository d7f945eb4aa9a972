using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using JwksAuth.OwnKeys.Material;

namespace JwksAuth.OwnKeys.Publishing;

internal sealed record JwksDocument(IReadOnlyList<PublishedKeys> Parts, byte[] Body)
{
    public TimeSpan MaximumAge => Parts.Min(part => part.MaximumAge);

    public static JwksDocument Of(IReadOnlyList<PublishedKeys> parts)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("keys");
            foreach (var key in parts.SelectMany(part => part.Keys))
                Write(writer, key);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return new JwksDocument(parts, buffer.ToArray());
    }

    /// <summary>A strong entity tag, including its quotes. It differs per media type (RFC 9110 section 8.8.3).</summary>
    public string EntityTag(string mediaType) =>
        $"\"{Base64Url.EncodeToString(SHA256.HashData([.. Body, .. Encoding.ASCII.GetBytes(mediaType)]))}\"";

    // Writes an explicit list of members, so that no private member can be published by mistake.
    private static void Write(Utf8JsonWriter writer, RingKey key)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in key.Material.PublicMembers)
            writer.WriteString(name, value);
        writer.WriteString("use", key.IsForEncryption ? "enc" : "sig");
        if (key.Algorithm is { } algorithm)
            writer.WriteString("alg", algorithm);
        writer.WriteString("kid", key.KeyId);
        if (key.Certificates.Count > 0)
        {
            writer.WriteStartArray("x5c");
            foreach (var certificate in key.Certificates)
                writer.WriteBase64StringValue(certificate); // RFC 7517 section 4.7: base64, not base64url
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
