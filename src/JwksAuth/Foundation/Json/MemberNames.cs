using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace JwksAuth.Foundation.Json;

/// <summary>
/// Finds members that are there twice. RFC 7515 section 4 and RFC 7519 section 4 let a reader refuse them; one that did not could be
/// shown one value while another reader sees the other.
/// </summary>
internal ref struct MemberNames(ReadOnlySpan<byte> text)
{
    /// <summary>The most members of one object: far more than any token has, and few enough to look through at no great cost.</summary>
    public const int MaximumMembers = 256;

    private const int Capacity = 48;
    private const int FullyKept = 7;

    private readonly ReadOnlySpan<byte> _text = text;
    private Digests _digests;
    private int _count;
    private int _members;
    private bool _needsFullCheck;

    /// <summary>Remembers the name of the member that a walk has come to; false if it was there before, or if there are too many.</summary>
    public bool Add(in JsonMembers member)
    {
        if (++_members > MaximumMembers)
            return false;

        var rawName = member.RawName;

        // Escaped names compare only once unescaped, and a crowd of names is no work for a linear search.
        if (_count == Capacity || member.IsNameEscaped)
            return _needsFullCheck = true;

        var digest = Digest(rawName);
        if (((ReadOnlySpan<ulong>)_digests)[.._count].Contains(digest))
        {
            // The digest of a short name is the name; long names that look alike are told apart at the end.
            _needsFullCheck = rawName.Length > FullyKept;
            return _needsFullCheck;
        }

        _digests[_count++] = digest;
        return true;
    }

    /// <summary>Whether every name was there once; to be asked after the last.</summary>
    public readonly bool AreUnique()
    {
        if (!_needsFullCheck)
            return true;

        var names = new HashSet<string>(StringComparer.Ordinal);
        var members = new JsonMembers(_text);
        while (members.MoveNext())
        {
            if (!names.Add(JsonMembers.ToText(members.RawQuotedName)))
                return false;
        }

        return true;
    }

    // The length, and seven bytes: all of a short name, the two ends of a long one.
    private static ulong Digest(ReadOnlySpan<byte> name)
    {
        if (name.Length > FullyKept)
            return ((ulong)(byte)name.Length << 56) | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(name) << 24) | (BinaryPrimitives.ReadUInt32LittleEndian(name[^4..]) >> 8);

        var digest = (ulong)name.Length;
        foreach (var character in name)
            digest = (digest << 8) | character;
        return digest;
    }

    [InlineArray(Capacity)]
    private struct Digests
    {
        private ulong _first;
    }
}
