using System.Buffers.Text;
using System.Text;

namespace JwksAuth.Jose.Encryption;

/// <summary>The five parts of a JWE in compact form (RFC 7516 section 7.1), decoded.</summary>
/// <param name="Header">The header as JSON.</param>
/// <param name="EncryptedKey">The encrypted key; empty for a direct agreement.</param>
/// <param name="Vector">The initialization vector.</param>
/// <param name="Ciphertext">The encrypted content.</param>
/// <param name="Tag">The authentication tag.</param>
/// <param name="AdditionalData">The header as it stands in the token, which the tag covers (RFC 7516 section 5.2).</param>
internal sealed record JweParts(byte[] Header, byte[] EncryptedKey, byte[] Vector, byte[] Ciphertext, byte[] Tag, byte[] AdditionalData)
{
    /// <summary>Splits a token; null unless it has exactly five parts, each strict base64url.</summary>
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
