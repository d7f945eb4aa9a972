using System.Text.Json;
using System.Text.Unicode;
using JwksAuth.Diagnostics;

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
