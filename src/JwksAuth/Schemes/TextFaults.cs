namespace JwksAuth.Schemes;

/// <summary>Finds names and addresses that hold white space where nobody sees it.</summary>
internal static class TextFaults
{
    /// <param name="option">The option.</param>
    /// <param name="values">Its values; those that are null or empty are not set.</param>
    /// <param name="faults">Where mistakes are reported.</param>
    public static void Find(string option, IEnumerable<string?> values, OptionFaults faults)
    {
        foreach (var value in values.Where(value => !string.IsNullOrEmpty(value)))
        {
            if (string.IsNullOrWhiteSpace(value))
                faults.Add(option, value, "is white space: set it, or remove it");
            else if (char.IsWhiteSpace(value[0]) || char.IsWhiteSpace(value[^1]))
                faults.Add(option, value.Trim(), "begins or ends in white space or a line break: remove that");
        }
    }
}
