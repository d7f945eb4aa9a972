using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Requests;

/// <summary>Reads the token in the <c>Authorization</c> header (RFC 6750 section 2.1, RFC 9449 section 7.1).</summary>
internal static class AuthorizationHeader
{
    private const string Prefix = "Bearer ";
    private const string DpopPrefix = "DPoP ";
    private const int ShortestWrapped = 16;

    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/");

    /// <summary>The token in the <c>Authorization</c> header; null without one.</summary>
    public static string? Of(HttpRequest request) => MemoryOf(request) is { IsEmpty: false } token ? token.ToString() : null;

    /// <summary>The token and how it was sent; empty without one.</summary>
    /// <param name="takesDpop">Whether the <c>DPoP</c> scheme counts.</param>
    public static PresentedToken Read(HttpRequest request, bool takesDpop)
    {
        var token = MemoryOf(request);
        return token.IsEmpty && takesDpop ? new PresentedToken(DpopOf(request), IsDpop: true) : new PresentedToken(token, IsDpop: false);
    }

    /// <summary>The token as a slice of the <c>Authorization</c> header; empty without one.</summary>
    public static ReadOnlyMemory<char> MemoryOf(HttpRequest request) => After(Prefix, request);

    /// <summary>The token of the <c>DPoP</c> scheme (RFC 9449 section 7.1) as a slice of the header; empty without one.</summary>
    public static ReadOnlyMemory<char> DpopOf(HttpRequest request) => After(DpopPrefix, request);

    /// <summary>Whether a text has the form of a bearer token (<c>b64token</c>, RFC 6750 section 2.1).</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> token)
    {
        var body = token.TrimEnd('=');
        return !body.IsEmpty && !body.ContainsAnyExcept(Alphabet);
    }

    /// <summary>
    /// Returns the token inside a value that is the padded base64 (RFC 4648 section 4) of a token, and any other value unchanged. An opaque
    /// token that happens to be base64 almost never decodes to a token of 16 characters or more.
    /// </summary>
    public static string Unwrap(string value)
    {
        if (value.Length % 4 != 0 || !Base64.IsValid(value))
            return value;

        var decoded = Encoding.Latin1.GetString(Convert.FromBase64String(value));
        var isOneSpelling = Convert.ToBase64String(Encoding.Latin1.GetBytes(decoded)) == value;
        return isOneSpelling && decoded.Length >= ShortestWrapped && IsWellFormed(decoded) ? decoded : value;
    }

    private static ReadOnlyMemory<char> After(string prefix, HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? header.AsMemory(prefix.Length).Trim() : default;
    }
}
