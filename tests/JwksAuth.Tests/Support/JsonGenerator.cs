using System.Globalization;
using System.Text;

namespace JwksAuth.Tests;

/// <summary>Writes JSON texts of every shape; most are valid, and some have a small fault that the reader must find.</summary>
internal sealed class JsonGenerator(Mutator mutator)
{
    private static readonly string[] Whitespace = ["", "", "", "", " ", "\t", "\n", "\r\n", "  ", "\u00a0", "\v"];

    private static readonly string[] Numbers =
        ["0", "-0", "1", "-1", "12.5", "1e5", "1E+5", "1e-5", "0.0", "01", "1.", ".5", "+1", "1e", "1e+", "--1", "0x1", "1e400", "123456789012345678901234567890"];

    private static readonly string[] Literals = ["true", "false", "null", "True", "nul", "nulll", "NaN", "undefined"];

    private static readonly string[] Characters =
    [
        "a", "Z", "0", " ", "é", "😀", "\u2028", "\\\"", "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t", "\\u0041", "\\u00e9", "\\uD83D\\uDE00", "\\u0000",
        "\\ud800", "\\udc00", "\\ud800\\u0041", "\\ud83d\\ud83d", "\\udc00\\ud800", "\\u12", "\\uZZZZ", "\\x", "\\'", "\t", "\n", "\u0001", "\u007f", "'", "/", "}", "]", ",",
    ];

    public string Object(int depth = 0) => Container(depth, '{', '}', () => $"{String()}{Space()}:{Value(depth + 1)}");

    public string Value(int depth = 0) => Space() + Bare(depth) + Space();

    public string String()
    {
        var text = new StringBuilder("\"");
        for (var count = mutator.Random.Next(6); count > 0; count--)
            text.Append(mutator.Random.Next(3) > 0 ? Characters[mutator.Random.Next(19)] : Rarely(Characters));
        return text.Append('"').ToString();
    }

    private string Bare(int depth) => mutator.Random.Next(depth > 3 ? 6 : 9) switch
    {
        0 or 1 => String(),
        2 => mutator.Random.NextInt64(long.MinValue, long.MaxValue).ToString(CultureInfo.InvariantCulture),
        3 => Rarely(Numbers),
        4 => mutator.Random.NextDouble().ToString("R", CultureInfo.InvariantCulture),
        5 => Rarely(Literals),
        6 => Object(depth),
        7 => Container(depth, '[', ']', () => Value(depth + 1)),
        _ => String(),
    };

    private string Container(int depth, char open, char close, Func<string> element)
    {
        var elements = Enumerable.Range(0, mutator.Random.Next(depth == 0 ? 6 : 4)).Select(_ => element());
        var separator = mutator.Random.Next(60) == 0 ? mutator.Pick([",,", ";", ""]) : ",";
        return open + Space() + string.Join(separator, elements) + (mutator.Random.Next(80) == 0 ? "," : "") + close;
    }

    // The first choices are valid JSON; invalid ones are rare, so that whole texts are often valid.
    private string Rarely(string[] choices) =>
        mutator.Random.Next(12) == 0 ? mutator.Pick(choices) : choices[mutator.Random.Next(Math.Min(3, choices.Length))];

    private string Space() => mutator.Random.Next(300) == 0 ? mutator.Pick(Whitespace) : Whitespace[mutator.Random.Next(9)];
}
