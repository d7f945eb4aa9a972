using System.IO.Pipelines;
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

        try
        {
            return await ReadTextAsync(request.BodyReader, request.HttpContext.RequestAborted) is { } form ? FindToken(form) : null;
        }
        catch (IOException)
        {
            // The host cut the body short.
            return null;
        }
    }

    // Memory is held for what has come, not for what may: a sender that takes its time costs little.
    private static async ValueTask<string?> ReadTextAsync(PipeReader body, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            var isOver = read.IsCompleted || read.Buffer.Length > MaximumLength;
            var text = isOver && read.Buffer.Length <= MaximumLength ? Encoding.Latin1.GetString(read.Buffer) : null;
            body.AdvanceTo(isOver ? read.Buffer.End : read.Buffer.Start, read.Buffer.End);
            if (isOver)
                return text;
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
