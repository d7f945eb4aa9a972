
using JwksAuth.Foundation.Json;

namespace JwksAuth.Foundation.Settings;

/// <summary>Finds names and addresses that hold white space where nobody sees it.</summary>
internal static class TextFaults
{
    /// <param name="option">The option.</param>
    /// <param name="values">Its values; those that are null or empty are not set.</param>
    /// <param name="faults">Where mistakes are reported.</param>
    public static void Find(string option, IEnumerable<string?> values, OptionFaults faults)
    {
        foreach (var value in values.OfType<string>().Where(value => value.Length > 0))
        {
            if (string.IsNullOrWhiteSpace(value))
                faults.Add(option, ShowEnds(value), "is white space: set it, or remove it");
            else if (char.IsWhiteSpace(value[0]) || char.IsWhiteSpace(value[^1]))
                faults.Add(option, ShowEnds(value), "begins or ends in white space or a line break: remove that");
        }
    }

    // A line break or a tab is shown as it is written in code.
    private static string ShowEnds(string value)
    {
        var body = value.Trim();
        var start = value.IndexOf(body, StringComparison.Ordinal);
        return LogText.Escape(value[..start]) + body + LogText.Escape(value[(start + body.Length)..]);
    }
}
