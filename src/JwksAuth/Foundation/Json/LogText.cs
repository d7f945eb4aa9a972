using System.Text.Encodings.Web;

namespace JwksAuth.Foundation.Json;

/// <summary>Makes text from outside safe for a log line: truncated and escaped.</summary>
internal static class LogText
{
    private const int MaximumLength = 64;

    public static string Escape(string? text, int maximumLength = MaximumLength) => text is null
        ? "(none)"
        : JavaScriptEncoder.Default.Encode(text.Length <= maximumLength ? text : text[..maximumLength]);
}
