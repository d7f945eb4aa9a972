namespace JwksAuth.Foundation.Json;

/// <summary>Enumerates a JSON array of strings in validated text.</summary>
internal ref struct JsonStrings(ReadOnlySpan<byte> rawArray)
{
    private ReadOnlySpan<byte> _rest = rawArray[1..^1];

    public ReadOnlySpan<byte> RawValue { get; private set; }

    public static bool IsArrayOfStrings(ReadOnlySpan<byte> rawValue)
    {
        if (rawValue[0] != '[')
            return false;
        var strings = new JsonStrings(rawValue);
        while (strings.MoveNext())
        {
        }

        return strings._rest.IsEmpty;
    }

    /// <summary>Moves to the next string; false at the end or at any other value.</summary>
    public bool MoveNext()
    {
        _rest = _rest.Trim(" \t\r\n,"u8);
        if (_rest.IsEmpty || _rest[0] != '"')
            return false;

        var end = 1;
        while (_rest[end] != '"')
            end += _rest[end] == '\\' ? 2 : 1;
        RawValue = _rest[..(end + 1)];
        _rest = _rest[(end + 1)..];
        return true;
    }
}
