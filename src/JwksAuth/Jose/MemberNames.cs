using System.Runtime.CompilerServices;

namespace JwksAuth.Jose;

/// <summary>
/// Finds members that are there twice. RFC 7515 section 4 and RFC 7519 section 4 let a reader refuse them; one that did not could be
/// shown one value while another reader sees the other.
/// </summary>
internal ref struct MemberNames(ReadOnlySpan<byte> text)
{
    private const int Capacity = 48;

    private readonly ReadOnlySpan<byte> _text = text;
    private Places _places;
    private int _count;
    private bool _needsFullCheck;

    /// <summary>Remembers a name of the text; false if it was there before.</summary>
    public bool Add(ReadOnlySpan<byte> rawName)
    {
        // Escaped names compare only once unescaped, and a crowd of names is no work for a linear search.
        if (_needsFullCheck || _count == Capacity || rawName.Contains((byte)'\\'))
            return _needsFullCheck = true;

        foreach (var (offset, length) in ((ReadOnlySpan<(int, int)>)_places)[.._count])
        {
            if (length == rawName.Length && _text.Slice(offset, length).SequenceEqual(rawName))
                return false;
        }

        _text.Overlaps(rawName, out var start);
        _places[_count++] = (start, rawName.Length);
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

    [InlineArray(Capacity)]
    private struct Places
    {
        private (int Offset, int Length) _first;
    }
}
