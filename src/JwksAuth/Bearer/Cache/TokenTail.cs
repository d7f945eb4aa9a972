using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace JwksAuth.Bearer;

/// <summary>
/// The last 16 characters of a token, 96 bits of its signature: enough to find it by, and read faster than anything could be computed from
/// the whole. It proves nothing: whoever finds a token by its tail compares the rest.
/// </summary>
internal readonly record struct TokenTail(ulong First, ulong Second)
{
    private const int Length = 16;

    /// <summary>False for text that is too short, or not ASCII, as every token is.</summary>
    public static bool TryRead(ReadOnlySpan<char> token, out TokenTail tail)
    {
        Span<byte> bytes = stackalloc byte[Length];
        var isRead = token.Length >= Length && Ascii.FromUtf16(token[^Length..], bytes, out _) == OperationStatus.Done;
        tail = isRead ? MemoryMarshal.Read<TokenTail>(bytes) : default;
        return isRead;
    }

    // Seeded anew in each process, so that nobody can choose tokens that collide.
    public override int GetHashCode() => HashCode.Combine(First, Second);
}
