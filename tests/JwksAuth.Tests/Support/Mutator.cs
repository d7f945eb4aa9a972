using System.Text;

namespace JwksAuth.Tests;

/// <summary>Damages bytes by a seed: the same seed causes the same damage.</summary>
internal sealed class Mutator(int seed)
{
    // Bytes that parsers handle wrongly: JSON and base64url syntax, control characters, ill-formed UTF-8, escapes, surrogates, odd numbers.
    private static readonly byte[][] Fragments =
    [
        .. new[]
        {
            "\"", "\\", "{", "}", "[", "]", ",", ":", ".", "=", "+", "/", "-", "_", " ", "\t", "\n", "\r", "\0", "\u001f", "\u007f", "0", "00", "1e9", "1E400", "-0", "-", "1.",
            ".5", "e", "null", "true", "fals", "\\u", "\\u0000", "\\u0065", "\\ud800", "\\udc00", "\\ud83d\\ude00", "\\x", "\\/", "\uFEFF", "\u00e9", "\u2028", "😀", "//", "/**/",
            "\"a\":1", ",\"exp\":1", "{}", "[]", "[[[[[[[[", "NaN", "Infinity", "'", "99999999999999999999999999", "Bearer ", ",,", "%00", "\u200b",
        }.Select(Encoding.UTF8.GetBytes),
        [0x80], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF], [0xE2, 0x82], [0xEF, 0xBB],
    ];

    public Random Random { get; } = new(seed);

    public T Pick<T>(IReadOnlyList<T> choices) => choices[Random.Next(choices.Count)];

    /// <summary>One to three changes: a flipped bit, another byte, an insertion, a deletion, a duplication, a truncation, two parts swapped.</summary>
    /// <returns>Never the same text: changes without an effect are repeated.</returns>
    public byte[] Mutate(byte[] text)
    {
        List<byte> changed;
        do
        {
            changed = [.. text];
            for (var count = Random.Next(1, 4); count > 0; count--)
                MutateOnce(changed);
        }
        while (changed.SequenceEqual(text));

        return [.. changed];
    }

    public string Mutate(string text) => Encoding.Latin1.GetString(Mutate(Encoding.UTF8.GetBytes(text)));

    private void MutateOnce(List<byte> text)
    {
        var at = Random.Next(text.Count + 1);
        var length = Random.Next(1, 9);
        var taken = text.Skip(at).Take(length).ToArray();
        switch (Random.Next(7))
        {
            case 0 when taken.Length > 0:
                text[at] ^= (byte)(1 << Random.Next(8));
                break;
            case 1 when taken.Length > 0:
                text[at] = (byte)Random.Next(256);
                break;
            case 2 when taken.Length > 0:
                text.RemoveRange(at, taken.Length);
                break;
            case 3 when taken.Length > 0:
                text.InsertRange(at, taken);
                break;
            case 4 when taken.Length > 0:
                text.RemoveRange(at, taken.Length);
                text.InsertRange(Random.Next(text.Count + 1), taken);
                break;
            case 5 when Random.Next(4) == 0:
                text.RemoveRange(at, text.Count - at);
                break;
            default:
                text.InsertRange(at, Pick(Fragments));
                break;
        }
    }
}
