using System.Numerics;

namespace JwksAuth.Bearer;

/// <summary>
/// Marks of the tokens that were accepted lately, four bytes each, to tell a repeated token from one that comes once. A token loses its
/// mark to another that takes the same place, or finds its place marked by another: the one costs a verification more, the other an entry
/// in the cache, and neither a verdict.
/// </summary>
/// <param name="capacity">How many tokens the cache holds.</param>
internal sealed class FirstSights(int capacity)
{
    private const int Least = 1 << 10;
    private const int Most = 1 << 20;

    private readonly int[] _marks = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(capacity, Least, Most))];

    /// <summary>Whether the token was marked before; marks it.</summary>
    public bool IsRepeated(TokenTail tail)
    {
        var mark = tail.GetHashCode();
        ref var place = ref _marks[mark & (_marks.Length - 1)];
        if (Volatile.Read(ref place) == mark)
            return true;

        Volatile.Write(ref place, mark);
        return false;
    }

    public void Clear() => Array.Clear(_marks);
}
