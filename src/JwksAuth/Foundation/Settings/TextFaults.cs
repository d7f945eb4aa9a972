using JwksAuth.Foundation.Json;

namespace JwksAuth.Foundation.Settings;

/// <summary>Finds names and addresses with invisible white space.</summary>
internal static class TextFaults
{
    public static void Find(string option, IEnumerable<string?> values, OptionFaults faults)
    {
        foreach (var value in values.OfType<string>().Where(value => value.Length > 0))
        {
            if (string.IsNullOrWhiteSpace(value))
                faults.Add(option, ShowEnds(value), "is white space: set it, or remove it");
            else if (char.IsWhiteSpace(value[0]) || char.IsWhiteSpace(value[^1]))
                faults.Add(option, ShowEnds(value), "begins or ends with white space or a line break: remove it");
        }
    }

    // Shows a line break or a tab as an escape sequence.
    private static string ShowEnds(string value)
    {
        var body = value.Trim();
        var start = value.IndexOf(body, StringComparison.Ordinal);
        return LogText.Escape(value[..start]) + body + LogText.Escape(value[(start + body.Length)..]);
    }
}
