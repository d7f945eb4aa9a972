using System.Numerics;

namespace JwksAuth.Bearer.Cache;

/// <summary>
/// Marks of the tokens that were accepted lately, four bytes each, to tell a repeated token from one that comes once. A mark may have to make
/// room for another's, or be equal to it: the one costs a verification more, the other an entry in the cache, and neither a verdict.
/// </summary>
/// <param name="capacity">How many tokens the cache holds.</param>
internal sealed class FirstSights(int capacity)
{
    private const int Least = 1 << 10;
    private const int Most = 1 << 20;
    private const int RowLength = 8;

    private readonly int[] _marks = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(capacity, Least, Most))];

    /// <summary>Whether the token was marked before; marks it.</summary>
    public bool IsRepeated(ReadOnlySpan<char> tail)
    {
        // Seeded anew in each process, so that nobody can choose tokens that collide.
        var mark = string.GetHashCode(tail);
        var row = _marks.AsSpan(mark & (_marks.Length - RowLength), RowLength);
        if (row.Contains(mark))
            return true;

        // Any of the row makes room, by chance: were it the oldest, more tokens than a row holds that come in turn would keep each other out for ever.
        row[Random.Shared.Next(RowLength)] = mark;
        return false;
    }

    public void Clear() => Array.Clear(_marks);
}
