using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;

namespace JwksAuth.Foundation.Json;

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

        // Whatever is plainly something else, such as HTML, is not worth an exception.
        if (utf8.Span.TrimStart(" \t\r\n"u8) is not [(byte)'{', ..])
            return null;

        // The framework's parser looks at the bytes of a string only when it is asked for it.
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
            // The second is about a name that is an escaped lone surrogate, met when names are compared.
            return null;
        }
    }

    /// <summary>Why a text is not taken for an object, as the rest of a sentence about it.</summary>
    public static string WhyNoObject(ReadOnlyMemory<byte> utf8)
    {
        var start = utf8.Span.TrimStart("\uFEFF \t\r\n"u8);
        if (start.StartsWith("<"u8))
            return "is HTML or XML, not a JSON object";
        if (start.StartsWith("-----BEGIN"u8))
            return "is PEM, not a JSON object";

        using var document = TryParseObject(utf8, allowDuplicates: true);
        return document is not null && FindDuplicate(document.RootElement) is { } name
            ? $"has the member '{LogText.Escape(name)}' more than once"
            : "is not a JSON object";
    }

    /// <summary>
    /// Whether a value states anything. In documents that others write, absent, <c>null</c>, <c>""</c> and <c>[]</c> all mean "not stated": each is how
    /// some serializer writes a member that has no value. A required member that is not stated is missing.
    /// </summary>
    public static bool IsStated(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => false,
        JsonValueKind.String => JsonMarshal.GetRawUtf8Value(element).Length > 2,
        JsonValueKind.Array => element.GetArrayLength() > 0,
        _ => true,
    };

    /// <summary>The value of a member; null when it is not stated.</summary>
    public static JsonElement? StatedOrNull(this JsonElement element, string name) =>
        element.MemberOrNull(name) is { } value && value.IsStated() ? value : null;

    /// <summary>Whether every name of the object is text: an escaped lone surrogate is valid JSON and no text.</summary>
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

    /// <summary>A member, also one that states nothing; null when it is absent, or when a name of the object is not readable.</summary>
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

    /// <summary>The string value of a member; null when it is not stated or anything but a readable string.</summary>
    public static string? StringOrNull(this JsonElement element, string name) => element.StatedOrNull(name)?.TextOrNull();

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

    private static string? FindDuplicate(JsonElement element)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.Object => element.EnumerateObject().Select(member => names.Add(member.Name) ? FindDuplicate(member.Value) : member.Name).FirstOrDefault(name => name is not null),
                JsonValueKind.Array => element.EnumerateArray().Select(FindDuplicate).FirstOrDefault(name => name is not null),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            // An escaped lone surrogate is valid JSON and no text.
            return null;
        }
    }
}
