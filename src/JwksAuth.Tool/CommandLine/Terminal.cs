using System.Globalization;
using System.Text;
using Spectre.Console;

namespace JwksAuth.Tool.CommandLine;

internal static class Terminal
{
    private const int LongestForeignText = 2000;

    public static string Of(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";

    public static Table CreateTable(params string[] columns) => new Table().Border(TableBorder.Simple).AddColumns(columns);

    public static Style Good { get; } = new(Color.Green);

    public static Style Bad { get; } = new(Color.Red, decoration: Decoration.Bold);

    public static Style Notable { get; } = new(Color.Yellow);

    public static Style Faint { get; } = new(Color.Grey);

    /// <summary>Adds a row of plain text: brackets in it are not markup.</summary>
    public static void AddTextRow(this Table table, params IEnumerable<string> cells) => table.AddTextRow(null, cells);

    /// <summary>Adds a row of plain text in a colour, if the terminal supports colours.</summary>
    public static void AddTextRow(this Table table, Style? style, params IEnumerable<string> cells) =>
        table.AddRow(cells.Select(cell => new Text(Safe(cell), style)));

    public static void WriteTextLine(this IAnsiConsole console, string text, Style? style = null)
    {
        console.Write(new Text(Safe(text), style));
        console.WriteLine();
    }

    public static Text Lines(Style? style, params IEnumerable<string> lines) => new(string.Join('\n', lines.Select(Safe)), style);

    /// <summary>Escapes text from outside, which could otherwise contain control sequences for the terminal.</summary>
    public static string Safe(string text)
    {
        var safe = new StringBuilder();
        foreach (var rune in text.EnumerateRunes().Take(LongestForeignText))
            safe.Append(Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format ? "\uFFFD" : rune.ToString());
        return safe.ToString();
    }
}
