using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace JwksAuth.Foundation.Json;

/// <summary>
/// Enumerates the members of one untrusted JSON object (RFC 8259) in one pass, without allocating. Unlike the framework's reader it does
/// not throw on malformed text, which would make every refused token expensive. After the enumeration, <see cref="IsValid"/> says whether
/// the whole text was one object.
/// </summary>
internal ref struct JsonMembers
{
    private const int MaximumDepth = 32;

    // The end of a string, an escape, or a control character, which a string must not contain unescaped.
    private static readonly SearchValues<byte> StringStops = SearchValues.Create(
        "\"\\\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u000A\u000B\u000C\u000D\u000E\u000F"u8
        + "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F"u8);

    private readonly ReadOnlySpan<byte> _text;
    private int _position;
    private bool _started;
    private bool _hasEscape;

    public JsonMembers(ReadOnlySpan<byte> utf8)
    {
        _text = utf8;
        IsValid = Utf8.IsValid(utf8);
    }

    /// <summary>False as soon as the text is found to be malformed.</summary>
    public bool IsValid { get; private set; }

    /// <summary>The current member's name between its quotes, escapes as written.</summary>
    public ReadOnlySpan<byte> RawName => RawQuotedName[1..^1];

    /// <summary>The current member's name with its quotes, escapes as written.</summary>
    public ReadOnlySpan<byte> RawQuotedName { get; private set; }

    /// <summary>Whether the current member's name contains escapes.</summary>
    public bool IsNameEscaped { get; private set; }

    /// <summary>The current member's value as written.</summary>
    public ReadOnlySpan<byte> RawValue { get; private set; }

    /// <summary>Moves to the next member; false at the end or at malformed text.</summary>
    public bool MoveNext()
    {
        if (!IsValid)
            return false;

        SkipWhitespace();
        if (!_started)
        {
            _started = true;
            if (!Take((byte)'{'))
                return Invalid();
            SkipWhitespace();
            return Peek() == '}' ? End() : ReadMember();
        }

        return Take((byte)',') ? ReadMember() : End();
    }

    /// <summary>Whether a raw string, including its quotes, equals this text after unescaping.</summary>
    public static bool IsString(ReadOnlySpan<byte> rawValue, ReadOnlySpan<char> text)
    {
        if (rawValue.Length < 2 || rawValue[0] != '"')
            return false;

        // Nearly every value is plain ASCII, which needs no decoding.
        var content = rawValue[1..^1];
        return !content.Contains((byte)'\\') && Ascii.IsValid(content)
            ? Ascii.Equals(content, text)
            : StringReader(rawValue).ValueTextEquals(text);
    }

    /// <summary>Copies a raw string, including its quotes, unescaped; -1 if it is not a string or longer than the buffer.</summary>
    public static int CopyString(ReadOnlySpan<byte> rawValue, Span<char> buffer)
    {
        // A character takes at least one byte, an escaped one at most six.
        if (rawValue.Length < 2 || rawValue[0] != '"' || rawValue.Length - 2 > buffer.Length * 6)
            return -1;

        var content = rawValue[1..^1];
        if (!content.Contains((byte)'\\'))
            return Utf8.ToUtf16(content, buffer, out _, out var written) == OperationStatus.Done ? written : -1;

        var text = ToText(rawValue);
        return text.TryCopyTo(buffer) ? text.Length : -1;
    }

    /// <summary>The unescaped text of a raw string, which includes its quotes.</summary>
    public static string ToText(ReadOnlySpan<byte> rawValue) => StringReader(rawValue).GetString()!;

    // The text has been validated, so the framework's reader does not throw.
    private static Utf8JsonReader StringReader(ReadOnlySpan<byte> rawValue)
    {
        var reader = new Utf8JsonReader(rawValue);
        reader.Read();
        return reader;
    }

    private bool ReadMember()
    {
        SkipWhitespace();
        var name = _position;
        _hasEscape = false;
        if (!SkipString())
            return Invalid();
        RawQuotedName = _text[name.._position];
        IsNameEscaped = _hasEscape;
        SkipWhitespace();
        if (!Take((byte)':'))
            return Invalid();
        SkipWhitespace();
        var value = _position;
        if (!SkipValue(1))
            return Invalid();
        RawValue = _text[value.._position];
        return true;
    }

    private bool End()
    {
        if (!Take((byte)'}'))
            return Invalid();
        SkipWhitespace();
        return _position == _text.Length ? false : Invalid();
    }

    private bool Invalid() => IsValid = false;

    private bool SkipValue(int depth) => Peek() switch
    {
        '"' => SkipString(),
        '{' => depth < MaximumDepth && SkipContainer((byte)'}', depth, hasNames: true),
        '[' => depth < MaximumDepth && SkipContainer((byte)']', depth, hasNames: false),
        't' => SkipLiteral("true"u8),
        'f' => SkipLiteral("false"u8),
        'n' => SkipLiteral("null"u8),
        _ => SkipNumber(),
    };

    private bool SkipContainer(byte close, int depth, bool hasNames)
    {
        _position++;
        SkipWhitespace();
        if (Take(close))
            return true;

        do
        {
            SkipWhitespace();
            if (hasNames && !SkipName())
                return false;
            if (!SkipValue(depth + 1))
                return false;
            SkipWhitespace();
        }
        while (Take((byte)','));

        return Take(close);
    }

    private bool SkipName()
    {
        if (!SkipString())
            return false;
        SkipWhitespace();
        if (!Take((byte)':'))
            return false;
        SkipWhitespace();
        return true;
    }

    private bool SkipString()
    {
        if (!Take((byte)'"'))
            return false;

        while (true)
        {
            var stop = _text[_position..].IndexOfAny(StringStops);
            if (stop < 0)
                return false;
            _position += stop + 1;
            var found = _text[_position - 1];
            if (found == '"')
                return true;
            if (found != '\\' || !SkipEscape())
                return false;
        }
    }

    private bool SkipEscape()
    {
        _hasEscape = true;
        var escape = Peek();
        _position++;
        if (escape != 'u')
            return escape is '"' or '\\' or '/' or 'b' or 'f' or 'n' or 'r' or 't';
        if (!TryReadHex(out var unit) || char.IsLowSurrogate(unit))
            return false;

        // A lone surrogate is not valid text.
        return !char.IsHighSurrogate(unit) || (Take((byte)'\\') && Take((byte)'u') && TryReadHex(out var low) && char.IsLowSurrogate(low));
    }

    private bool TryReadHex(out char unit)
    {
        unit = '\0';
        if (_text.Length - _position < 4)
            return false;
        foreach (var digit in _text.Slice(_position, 4))
        {
            if (!char.IsAsciiHexDigit((char)digit))
                return false;
            unit = (char)((unit << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10));
        }

        _position += 4;
        return true;
    }

    private bool SkipNumber()
    {
        Take((byte)'-');
        if (!Take((byte)'0') && !SkipDigits())
            return false;
        if (Take((byte)'.') && !SkipDigits())
            return false;
        if (Peek() is not ('e' or 'E'))
            return true;
        _position++;
        if (!Take((byte)'+'))
            Take((byte)'-');
        return SkipDigits();
    }

    private bool SkipDigits()
    {
        var start = _position;
        while (_position < _text.Length && char.IsAsciiDigit((char)_text[_position]))
            _position++;
        return _position > start;
    }

    private bool SkipLiteral(ReadOnlySpan<byte> literal)
    {
        if (!_text[_position..].StartsWith(literal))
            return false;
        _position += literal.Length;
        return true;
    }

    private void SkipWhitespace()
    {
        while (_position < _text.Length && _text[_position] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            _position++;
    }

    private readonly char Peek() => _position < _text.Length ? (char)_text[_position] : '\0';

    private bool Take(byte expected)
    {
        if (_position >= _text.Length || _text[_position] != expected)
            return false;
        _position++;
        return true;
    }
}
