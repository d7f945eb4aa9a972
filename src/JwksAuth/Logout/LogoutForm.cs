using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace JwksAuth.Logout;

/// <summary>Reads the form of a logout request (OpenID Connect Back-Channel Logout 1.0 section 2.5): anyone can send one, so it is read up to a limit and without exceptions.</summary>
internal static class LogoutForm
{
    public const int MaximumLength = 64 * 1024;

    private const string MediaType = "application/x-www-form-urlencoded";

    /// <summary>The one logout token of a request; null if there is none, or more than one, or too much of anything.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static async ValueTask<string?> ReadTokenAsync(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase))
            return null;
        if (request.ContentLength > MaximumLength)
            return null;

        var buffer = ArrayPool<byte>.Shared.Rent(MaximumLength + 1);
        try
        {
            var length = await request.Body.ReadAtLeastAsync(buffer.AsMemory(0, MaximumLength + 1), MaximumLength + 1, throwOnEndOfStream: false, request.HttpContext.RequestAborted);
            return length <= MaximumLength ? FindToken(Encoding.Latin1.GetString(buffer, 0, length)) : null;
        }
        catch (IOException)
        {
            // The host cut the body short.
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

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
