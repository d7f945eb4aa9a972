using System.Buffers.Text;
using System.Text;

namespace JwksAuth.Jose.Encryption;

/// <summary>The decoded parts of a compact JWE (RFC 7516 section 7.1).</summary>
/// <param name="EncryptedKey">The encrypted key; empty for direct key agreement.</param>
/// <param name="AdditionalData">The encoded header, which the tag authenticates (RFC 7516 section 5.2).</param>
internal sealed record JweParts(byte[] Header, byte[] EncryptedKey, byte[] Vector, byte[] Ciphertext, byte[] Tag, byte[] AdditionalData)
{
    /// <summary>Splits a token; null unless it has exactly five parts of strict base64url.</summary>
    public static JweParts? TryRead(ReadOnlySpan<char> token)
    {
        Span<Range> ranges = stackalloc Range[6];
        if (token.Split(ranges, '.') != 5)
            return null;

        for (var part = 0; part < 5; part++)
        {
            if (!CompactToken.IsBase64Url(token[ranges[part]]))
                return null;
        }

        var header = token[ranges[0]];
        var additionalData = new byte[header.Length];
        Encoding.ASCII.GetBytes(header, additionalData);
        return new JweParts(
            Base64Url.DecodeFromChars(header),
            Base64Url.DecodeFromChars(token[ranges[1]]),
            Base64Url.DecodeFromChars(token[ranges[2]]),
            Base64Url.DecodeFromChars(token[ranges[3]]),
            Base64Url.DecodeFromChars(token[ranges[4]]),
            additionalData);
    }
}
