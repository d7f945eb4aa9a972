using System.Text.Json;
using System.Text.Unicode;

namespace JwksAuth.Keys;

/// <summary>Reading JSON that somebody else wrote: bounded depth, no duplicate members unless asked for, no exception for bad text.</summary>
internal static class JsonText
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };
    private static readonly JsonDocumentOptions Tolerant = new() { MaxDepth = 32 };

    /// <summary>Parses an object; null for anything else. The result is to be disposed.</summary>
    public static JsonDocument? TryParseObject(ReadOnlyMemory<byte> utf8, bool allowDuplicates = false)
    {
        if (utf8.Span.StartsWith("\uFEFF"u8))
            utf8 = utf8[3..];

        // The framework's parser looks at the bytes of a string only when it is asked for it.
        if (!Utf8.IsValid(utf8.Span))
            return null;

        try
        {
            var document = JsonDocument.Parse(utf8, allowDuplicates ? Tolerant : Strict);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document;
            document.Dispose();
            return null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second is about a name that is an escaped lone surrogate, met when names are compared.
            return null;
        }
    }

    /// <summary>A member; null when it is absent, or when a name of the object is not readable.</summary>
    public static JsonElement? MemberOrNull(this JsonElement element, string name)
    {
        try
        {
            return element.TryGetProperty(name, out var value) ? value : null;
        }
        catch (InvalidOperationException)
        {
            // An escaped lone surrogate is valid JSON and no text.
            return null;
        }
    }

    /// <summary>The string value of a member; null when it is absent or anything but a readable string.</summary>
    public static string? StringOrNull(this JsonElement element, string name) => element.MemberOrNull(name)?.TextOrNull();

    /// <summary>The text of a string; null for anything else, and for a string that no text can hold.</summary>
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
