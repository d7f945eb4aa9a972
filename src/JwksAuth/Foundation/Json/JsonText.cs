using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;

namespace JwksAuth.Foundation.Json;

/// <summary>Reads untrusted JSON: with limited depth, by default no duplicate members, and no exceptions for malformed text.</summary>
internal static class JsonText
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };
    private static readonly JsonDocumentOptions Tolerant = new() { MaxDepth = 32 };

    /// <summary>Parses an object; null for anything else. The caller must dispose the result.</summary>
    public static JsonDocument? TryParseObject(ReadOnlyMemory<byte> utf8, bool allowDuplicates = false)
    {
        if (utf8.Span.StartsWith("\uFEFF"u8))
            utf8 = utf8[3..];

        // Avoid an exception for text that is obviously something else, such as HTML.
        if (utf8.Span.TrimStart(" \t\r\n"u8) is not [(byte)'{', ..])
            return null;

        // The framework's parser checks the bytes of a string only when the string is read.
        if (!Utf8.IsValid(utf8.Span))
            return null;

        try
        {
            var document = JsonDocument.Parse(utf8, allowDuplicates ? Tolerant : Strict);
            if (document.RootElement.ValueKind == JsonValueKind.Object && (allowDuplicates || document.RootElement.HasReadableNames()))
                return document;
            document.Dispose();
            return null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a name is an escaped lone surrogate.
            return null;
        }
    }

    /// <summary>
    /// Whether a member has a value. In documents of others, absent, <c>null</c>, <c>""</c> and <c>[]</c> all mean "no value", because
    /// serializers differ. A required member without a value is missing.
    /// </summary>
    public static bool IsStated(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => false,
        JsonValueKind.String => JsonMarshal.GetRawUtf8Value(element).Length > 2,
        JsonValueKind.Array => element.GetArrayLength() > 0,
        _ => true,
    };

    /// <summary>The value of a member; null if it has none.</summary>
    public static JsonElement? StatedOrNull(this JsonElement element, string name) =>
        element.MemberOrNull(name) is { } value && value.IsStated() ? value : null;

    /// <summary>Whether every name of the object is readable: an escaped lone surrogate is valid JSON but not text.</summary>
    public static bool HasReadableNames(this JsonElement element)
    {
        try
        {
            foreach (var member in element.EnumerateObject())
                _ = member.Name;
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>A member, even without a value; null if it is absent, or if a name of the object is unreadable.</summary>
    public static JsonElement? MemberOrNull(this JsonElement element, string name)
    {
        try
        {
            return element.TryGetProperty(name, out var value) ? value : null;
        }
        catch (InvalidOperationException)
        {
            // An escaped lone surrogate is valid JSON but not text.
            return null;
        }
    }

    /// <summary>The string value of a member; null if it has none, or is not a readable string.</summary>
    public static string? StringOrNull(this JsonElement element, string name) => element.StatedOrNull(name)?.TextOrNull();

    /// <summary>The text of a string; null for anything else, and for a string with a lone surrogate.</summary>
    public static string? TextOrNull(this JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
