using System.Numerics;

namespace JwksAuth.Bearer.Cache;

/// <summary>
/// Marks of recently accepted tokens, four bytes each, to tell a repeated token from a single one. A lost mark costs one more verification,
/// a collision one cache entry; neither changes a verdict.
/// </summary>
/// <param name="capacity">The capacity of the token cache.</param>
internal sealed class FirstSights(int capacity)
{
    private const int Least = 1 << 10;
    private const int Most = 1 << 20;
    private const int RowLength = 8;

    private readonly int[] _marks = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(capacity, Least, Most))];

    /// <summary>Whether the token was marked before; marks it.</summary>
    public bool IsRepeated(ReadOnlySpan<char> tail)
    {
        // The seed differs per process, so nobody can choose tokens that collide.
        var mark = string.GetHashCode(tail);
        var row = _marks.AsSpan(mark & (_marks.Length - RowLength), RowLength);
        if (row.Contains(mark))
            return true;

        // Replace a random mark. Replacing the oldest would let a cycle of more tokens than the row holds evict each other indefinitely.
        row[Random.Shared.Next(RowLength)] = mark;
        return false;
    }

    public void Clear() => Array.Clear(_marks);
}
