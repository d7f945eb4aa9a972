using System.Buffers;
using JwksAuth.Jose;
using JwksAuth.Requests;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Introspection;

/// <summary>Tells tokens that can be judged here from those that only the authorization server knows.</summary>
internal static class TokenSelector
{
    private const int MaximumHeaderLength = 4096;

    /// <summary>Whether the request's token is a JWT. A request without a token counts as one: the same challenge comes from either scheme.</summary>
    public static bool HasJwt(HttpRequest request)
    {
        var plain = BearerToken.MemoryOf(request);
        var token = plain.IsEmpty ? BearerToken.DpopOf(request) : plain;
        return token.IsEmpty || IsJwt(token.Span);
    }

    /// <summary>
    /// Whether a token is a JWS or JWE in compact form: three or five parts, the first of which is a JSON object that names an algorithm
    /// (RFC 7515 section 7.1, RFC 7516 section 7.1). Dots alone prove nothing, because an opaque token may have them.
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
