using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace JwksAuth.Tool.CommandLine;

/// <summary>Durations as people write them: <c>90s</c>, <c>5m</c>, <c>1h</c>, <c>7d</c>.</summary>
internal static class Durations
{
    public static Option<TimeSpan?> Option(string name, string description) =>
        new(name) { Description = description, CustomParser = Parse, HelpName = "90s|5m|1h|7d" };

    private static TimeSpan? Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var unit = text.Length > 0 ? text[^1] : ' ';
        if ("smhd".Contains(unit, StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count is > 0 and <= 1_000_000)
        {
            return unit switch
            {
                's' => TimeSpan.FromSeconds(count),
                'm' => TimeSpan.FromMinutes(count),
                'h' => TimeSpan.FromHours(count),
                _ => TimeSpan.FromDays(count),
            };
        }

        result.AddError($"'{Terminal.Safe(text)}' is not a duration such as 90s, 5m, 1h or 7d.");
        return null;
    }
}
