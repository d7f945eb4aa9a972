using System.Text.Json;

namespace JwksAuth.Foundation.Json;

/// <summary>Why a text is not accepted as a JSON object, as the rest of a sentence.</summary>
internal static class JsonFault
{
    public static string Of(ReadOnlyMemory<byte> utf8)
    {
        var start = utf8.Span.TrimStart("\uFEFF \t\r\n"u8);
        if (start.StartsWith("<"u8))
            return "is HTML or XML, not a JSON object";
        if (start.StartsWith("-----BEGIN"u8))
            return "is PEM, not a JSON object";

        using var document = JsonText.TryParseObject(utf8, allowDuplicates: true);
        return document is not null && FindDuplicate(document.RootElement) is { } name
            ? $"has the member '{LogText.Escape(name)}' more than once"
            : "is not a JSON object";
    }

    private static string? FindDuplicate(JsonElement element)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.Object => element.EnumerateObject()
                    .Select(member => names.Add(member.Name) ? FindDuplicate(member.Value) : member.Name)
                    .FirstOrDefault(name => name is not null),
                JsonValueKind.Array => element.EnumerateArray().Select(FindDuplicate).FirstOrDefault(name => name is not null),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            // An escaped lone surrogate is valid JSON but not text.
            return null;
        }
    }
}
