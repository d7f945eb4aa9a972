using System.Buffers;
using System.Text.Json;
using JwksAuth.Foundation.Json;
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Fleet;

/// <summary>Serializes an issuer's answer for other replicas: the original bytes of the key set, and the metadata.</summary>
internal static class SharedDocument
{
    /// <summary>The maximum size of a document, in bytes: the largest key set in base64 and room for the rest.</summary>
    public const int MaximumBytes = 1024 * 1024;

    // Sent to the issuer in a request header.
    private const int LongestETag = 1024;

    private const int Format = 1;

    /// <summary>Writes the document for a named source; it is invalid for any other.</summary>
    public static byte[] Write(this StoredAnswer answer, FleetSourceName name)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("format", Format);
            json.WriteString("source", name.Key);
            json.WriteString("address", answer.Address);
            json.WriteBase64String("jwks", answer.Jwks);
            if (answer.Metadata is not null)
                json.WriteBase64String("metadata", answer.Metadata);
            json.WriteNumber("metadata_age", (long)answer.MetadataAge.TotalSeconds);
            if (answer.ETag is not null)
                json.WriteString("etag", answer.ETag);
            if (answer.FreshFor is { } freshFor)
                json.WriteNumber("fresh_for", (long)freshFor.TotalSeconds);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a document; null if it is too large, malformed, or of another source or format.</summary>
    public static StoredAnswer? Read(ReadOnlyMemory<byte> utf8, FleetSourceName name)
    {
        if (utf8.Length > MaximumBytes)
            return null;

        using var json = JsonText.TryParseObject(utf8);
        if (json?.RootElement is not { } root || root.StringOrNull("source") != name.Key || Seconds(root, "format")?.TotalSeconds != Format)
            return null;

        return root.StringOrNull("address") is { } address && Bytes(root, "jwks") is { } jwks && Seconds(root, "metadata_age") is { } age
            ? new StoredAnswer(address, jwks, Bytes(root, "metadata"), age, EntityTag(root), Seconds(root, "fresh_for"))
            : null;
    }

    private static string? EntityTag(JsonElement root) => root.StringOrNull("etag") is { Length: <= LongestETag } tag ? tag : null;

    private static byte[]? Bytes(JsonElement root, string name)
    {
        try
        {
            return root.MemberOrNull(name) is { ValueKind: JsonValueKind.String } value && value.TryGetBytesFromBase64(out var bytes)
                ? bytes
                : null;
        }
        catch (InvalidOperationException)
        {
            // An escaped lone surrogate is valid JSON but not text.
            return null;
        }
    }

    private static TimeSpan? Seconds(JsonElement root, string name) =>
        root.MemberOrNull(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var seconds) && seconds >= 0
            ? TimeSpan.FromSeconds(seconds)
            : null;
}
