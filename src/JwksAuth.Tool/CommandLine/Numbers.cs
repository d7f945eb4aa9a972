using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace JwksAuth.Tool.CommandLine;

internal static class Numbers
{
    public static Option<int?> Option(string name, string description, int least, int most) =>
        new(name) { Description = description, CustomParser = result => Parse(result, name, least, most), HelpName = $"{least}-{most}" };

    private static int? Parse(ArgumentResult result, string name, int least, int most)
    {
        if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most)
            return number;

        result.AddError($"{name} must be between {least} and {most}.");
        return null;
    }
}
