using System.Buffers.Binary;

namespace JwksAuth.Fleet.DistributedCache;

/// <summary>The fleet's last successful answer in the cache.</summary>
/// <param name="Version">The time of the fetch, in microseconds since 1970 by the clock of its replica.</param>
/// <param name="Document">The answer; empty after a withdrawal.</param>
internal sealed record CopyEntry(long Version, byte[] Document)
{
    private const byte Kind = 1;
    private const int HeaderLength = 1 + sizeof(long);

    public byte[] Write()
    {
        var bytes = new byte[HeaderLength + Document.Length];
        bytes[0] = Kind;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(1), Version);
        Document.CopyTo(bytes, HeaderLength);
        return bytes;
    }

    public static CopyEntry? Read(byte[] bytes) => bytes.Length >= HeaderLength && bytes[0] == Kind
        ? new CopyEntry(BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(1)), bytes[HeaderLength..])
        : null;
}

/// <param name="Version">The number of the fetch: its time, as in <see cref="CopyEntry"/>.</param>
/// <param name="IsUnderWay">Whether the fetch is still in progress.</param>
/// <param name="HasKeys">Whether it succeeded, so that there is a <see cref="CopyEntry"/>.</param>
/// <param name="Cooldown">The number of the latest fetch that started the cooldown; zero if there was none.</param>
internal sealed record ClaimEntry(long Version, Guid Owner, bool IsUnderWay, bool HasKeys, long Cooldown)
{
    private const byte Kind = 3;
    private const byte Ended = 0;
    private const byte UnderWay = 1;
    private const byte EndedWithKeys = 2;
    private const int CooldownAt = 1 + sizeof(long) + 16;
    private const int Length = CooldownAt + sizeof(long) + 1;

    public byte[] Write()
    {
        var bytes = new byte[Length];
        bytes[0] = Kind;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(1), Version);
        Owner.TryWriteBytes(bytes.AsSpan(1 + sizeof(long)));
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(CooldownAt), Cooldown);
        bytes[^1] = IsUnderWay ? UnderWay : HasKeys ? EndedWithKeys : Ended;
        return bytes;
    }

    public static ClaimEntry? Read(byte[] bytes) => bytes.Length == Length && bytes[0] == Kind
        ? new ClaimEntry(
            BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(1)),
            new Guid(bytes.AsSpan(1 + sizeof(long), 16)),
            bytes[^1] == UnderWay,
            bytes[^1] == EndedWithKeys,
            BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(CooldownAt)))
        : null;
}
