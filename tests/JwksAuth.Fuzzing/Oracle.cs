using System.Text.Json;
using System.Text.Unicode;

namespace JwksAuth.Fuzzing;

/// <summary>Reads JSON with System.Text.Json: a second opinion on the texts that our own readers accept.</summary>
internal static class Oracle
{
    private static readonly JsonDocumentOptions Bounded = new() { MaxDepth = 32 };

    /// <summary>The object; null if the text is not a well-formed object whose members are unique.</summary>
    public static JsonElement? Read(byte[] json, bool allowDuplicates = false)
    {
        if (!Utf8.IsValid(json))
            return null;

        try
        {
            using var document = JsonDocument.Parse(json, Bounded);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && IsText(root) && (allowDuplicates || HasUniqueNames(root)) ? root.Clone() : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second exception is thrown for a name that is an escaped lone surrogate.
            return null;
        }
    }

    /// <summary>The object that one of our readers accepted.</summary>
    public static JsonElement ReadAccepted(byte[] json) => Read(json) ?? throw new FaultException("System.Text.Json does not take what was accepted");

    /// <summary>The text of a member; null if it is absent or not a string.</summary>
    public static string? Text(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static double? Number(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    /// <summary>The text of a member, or the texts of its list.</summary>
    public static IEnumerable<string> Texts(this JsonElement json, string name) => !json.TryGetProperty(name, out var value) ? []
        : value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)
        : value.ValueKind == JsonValueKind.String ? [value.GetString()!] : [];

    private static bool HasUniqueNames(JsonElement json) => json.EnumerateObject().DistinctBy(member => member.Name).Count() == json.EnumerateObject().Count();

    // An escaped lone surrogate is valid JSON but not valid text: reading it throws.
    private static bool IsText(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                return value.EnumerateObject().All(member => member.Name is not null && IsText(member.Value));
            case JsonValueKind.Array:
                return value.EnumerateArray().All(IsText);
            case JsonValueKind.String:
                return value.GetString() is not null;
            default:
                return true;
        }
    }
}
