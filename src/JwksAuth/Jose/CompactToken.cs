using System.Buffers;
using System.Buffers.Text;

namespace JwksAuth.Jose;

/// <summary>The three parts of a JWS in compact form (RFC 7515 section 7.1), not yet decoded.</summary>
internal readonly ref struct CompactToken
{
    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private CompactToken(ReadOnlySpan<char> token, int first, int second)
    {
        Header = token[..first];
        Payload = token[(first + 1)..second];
        Signature = token[(second + 1)..];
    }

    public ReadOnlySpan<char> Header { get; }

    public ReadOnlySpan<char> Payload { get; }

    public ReadOnlySpan<char> Signature { get; }

    /// <summary>Splits a token; false unless it has exactly three parts of strict base64url, with the first and last not empty.</summary>
    public static bool TrySplit(ReadOnlySpan<char> token, out CompactToken parts)
    {
        parts = default;
        var first = token.IndexOf('.');
        if (first <= 0)
            return false;
        var length = token[(first + 1)..].IndexOf('.');
        if (length < 0)
            return false;

        parts = new CompactToken(token, first, first + 1 + length);
        return !parts.Signature.IsEmpty && IsBase64Url(parts.Header) && IsBase64Url(parts.Payload) && IsBase64Url(parts.Signature);
    }

    /// <summary>Whether a token has the five parts of a JWE (RFC 7516 section 7.1).</summary>
    public static bool IsEncrypted(ReadOnlySpan<char> token) => token.Count('.') == 4;

    /// <summary>The maximum decoded length of a part, in bytes.</summary>
    public static int DecodedLength(ReadOnlySpan<char> part) => Base64Url.GetMaxDecodedLength(part.Length);

    /// <summary>Decodes a part; returns the written bytes.</summary>
    public static ReadOnlySpan<byte> Decode(ReadOnlySpan<char> part, Span<byte> buffer) =>
        buffer[..Base64Url.DecodeFromChars(part, buffer)];

    // RFC 7515 section 2: no padding, white space or other characters; unused bits are zero, so that bytes have only one encoding. An ECDSA
    // signature still has two forms, (r, s) and (r, n - s): the text does not identify a token.
    public static bool IsBase64Url(ReadOnlySpan<char> part)
    {
        if (part.ContainsAnyExcept(Alphabet))
            return false;

        return (part.Length % 4) switch
        {
            0 => true,
            2 => (ValueOf(part[^1]) & 0b1111) == 0,
            3 => (ValueOf(part[^1]) & 0b11) == 0,
            _ => false,
        };
    }

    private static int ValueOf(char symbol) => symbol switch
    {
        >= 'A' and <= 'Z' => symbol - 'A',
        >= 'a' and <= 'z' => symbol - 'a' + 26,
        >= '0' and <= '9' => symbol - '0' + 52,
        '-' => 62,
        _ => 63,
    };
}
