using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace JwksAuth.Requests;

/// <summary>Reads an <c>application/x-www-form-urlencoded</c> body from anyone: with a length limit and without exceptions.</summary>
internal static class SmallForm
{
    public const int MaximumLength = 64 * 1024;

    private const string MediaType = "application/x-www-form-urlencoded";

    public static bool IsSent(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase);

    /// <summary>The body of a request, still escaped; null if it is too long or truncated.</summary>
    /// <exception cref="OperationCanceledException">The operation was canceled.</exception>
    public static async ValueTask<string?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaximumLength)
            return null;

        try
        {
            return await ReadAsync(request.BodyReader, cancellationToken);
        }
        catch (IOException)
        {
            // The server aborted the body.
            return null;
        }
    }

    // Memory is allocated for received bytes only, so a slow sender costs little.
    private static async ValueTask<string?> ReadAsync(PipeReader body, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            var isOver = read.IsCompleted || read.Buffer.Length > MaximumLength;
            var text = isOver && read.Buffer.Length <= MaximumLength ? Encoding.UTF8.GetString(read.Buffer) : null;
            body.AdvanceTo(isOver ? read.Buffer.End : read.Buffer.Start, read.Buffer.End);
            if (isOver)
                return text;
        }
    }
}
