using System.Buffers;
using JwksAuth.Jose;
using JwksAuth.Requests;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Introspection;

/// <summary>Distinguishes JWTs from opaque tokens.</summary>
internal static class TokenSelector
{
    private const int MaximumHeaderLength = 4096;

    /// <summary>Whether the request's token is a JWT. True without a token, because both schemes send the same challenge.</summary>
    public static bool HasJwt(HttpRequest request)
    {
        var plain = AuthorizationHeader.MemoryOf(request);
        var token = plain.IsEmpty ? AuthorizationHeader.DpopOf(request) : plain;
        return token.IsEmpty || IsJwt(token.Span);
    }

    /// <summary>
    /// Whether a token is a compact JWS or JWE: three or five parts, the first of which is a JSON object with an algorithm (RFC 7515
    /// section 7.1, RFC 7516 section 7.1). Periods are not sufficient, because an opaque token may contain them.
    /// </summary>
    public static bool IsJwt(ReadOnlySpan<char> token)
    {
        var end = token.IndexOf('.');
        if (end is <= 0 or > MaximumHeaderLength || token.Count('.') is not (2 or 4) || !CompactToken.IsBase64Url(token[..end]))
            return false;

        var buffer = ArrayPool<byte>.Shared.Rent(CompactToken.DecodedLength(token[..end]));
        try
        {
            return JoseHeader.TryRead(CompactToken.Decode(token[..end], buffer), out var header) && !header.Algorithm.IsEmpty;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
