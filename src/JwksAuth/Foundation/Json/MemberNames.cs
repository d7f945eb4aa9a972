using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace JwksAuth.Foundation.Json;

/// <summary>Finds duplicate members, which may mean different values to two readers (RFC 7515 section 4, RFC 7519 section 4).</summary>
internal ref struct MemberNames(ReadOnlySpan<byte> text)
{
    /// <summary>The maximum number of members of one object: far more than any token has, and few enough to check cheaply.</summary>
    public const int MaximumMembers = 256;

    private const int Capacity = 48;
    private const int FullyKept = 7;

    private readonly ReadOnlySpan<byte> _text = text;
    private Digests _digests;
    private int _count;
    private int _members;
    private bool _needsFullCheck;

    /// <summary>Adds the name of the current member; false if it is a duplicate, or if there are too many members.</summary>
    public bool Add(in JsonMembers member)
    {
        if (++_members > MaximumMembers)
            return false;

        var rawName = member.RawName;

        // Escaped names must be unescaped to compare, and many names are too slow for a linear search.
        if (_count == Capacity || member.IsNameEscaped)
            return _needsFullCheck = true;

        var digest = Digest(rawName);
        if (((ReadOnlySpan<ulong>)_digests)[.._count].Contains(digest))
        {
            // The digest of a short name is the name itself; long names with equal digests are compared at the end.
            _needsFullCheck = rawName.Length > FullyKept;
            return _needsFullCheck;
        }

        _digests[_count++] = digest;
        return true;
    }

    /// <summary>Whether all names are unique; call it after the last member.</summary>
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

    // The length and seven bytes: all of a short name, both ends of a long one.
    private static ulong Digest(ReadOnlySpan<byte> name)
    {
        if (name.Length > FullyKept)
            return ((ulong)(byte)name.Length << 56)
                | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(name) << 24)
                | (BinaryPrimitives.ReadUInt32LittleEndian(name[^4..]) >> 8);

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
