using Microsoft.AspNetCore.Http;

namespace JwksAuth.Schemes;

/// <summary>Reads bearer tokens from requests (RFC 6750 section 2.1).</summary>
internal static class BearerToken
{
    private const string Prefix = "Bearer ";

    /// <summary>The token in the <c>Authorization</c> header; null without one.</summary>
    public static string? Of(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? header[Prefix.Length..].Trim() : null;
    }
}
