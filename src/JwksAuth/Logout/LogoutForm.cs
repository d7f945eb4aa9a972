using JwksAuth.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace JwksAuth.Logout;

/// <summary>Reads the form of a logout request (OpenID Connect Back-Channel Logout 1.0 section 2.5).</summary>
internal static class LogoutForm
{
    /// <summary>The only logout token of a request; null if there is none or more than one, or if the form is too long.</summary>
    public static async ValueTask<string?> ReadTokenAsync(HttpRequest request) =>
        SmallForm.IsSent(request) && await SmallForm.ReadAsync(request, request.HttpContext.RequestAborted) is { } form
            ? FindToken(form)
            : null;

    private static string? FindToken(string form)
    {
        string? token = null;
        foreach (var field in new QueryStringEnumerable(form))
        {
            if (!field.DecodeName().Span.SequenceEqual("logout_token"))
                continue;
            if (token is not null)
                return null;
            token = field.DecodeValue().ToString();
        }

        return token;
    }
}
