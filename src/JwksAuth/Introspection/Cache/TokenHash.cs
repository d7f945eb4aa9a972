using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace JwksAuth.Introspection.Cache;

/// <summary>The SHA-256 of a token as its cache key, so that the cache holds no tokens.</summary>
internal readonly record struct TokenHash(ulong First, ulong Second, ulong Third, ulong Fourth)
{
    private const int StackBytes = 2048;

    public static bool TryCompute(ReadOnlySpan<char> token, out TokenHash hash)
    {
        hash = default;
        var rented = token.Length > StackBytes ? ArrayPool<byte>.Shared.Rent(token.Length) : null;
        var bytes = rented ?? stackalloc byte[StackBytes];
        try
        {
            if (Ascii.FromUtf16(token, bytes, out var length) != OperationStatus.Done)
                return false;
            SHA256.HashData(bytes[..length], MemoryMarshal.AsBytes(new Span<TokenHash>(ref hash)));
            return true;
        }
        finally
        {
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented);
        }
    }

    // The hash is already uniform.
    public override int GetHashCode() => (int)First;
}
