using System.Buffers.Text;
using System.Net.Mime;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace JwksAuth.Testing;

internal static class ResponseWriters
{
    private static readonly byte[] WhiteSpace = [(byte)' '];

    internal static async Task WriteRegularAsync(ResponseContext context)
    {
        if (context.UseETag)
        {
            var tag = new EntityTagHeaderValue($"\"{Base64Url.EncodeToString(SHA256.HashData(context.Regular.Body))}\"");
            context.Http.Response.GetTypedHeaders().ETag = tag;
            if (context.Http.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false)))
            {
                context.Http.Response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
        }

        context.Http.Response.StatusCode = context.Regular.StatusCode;
        await WriteBodyAsync(context, context.Regular.Body, context.Regular.ContentType);
    }

    internal static Task HangAsync(ResponseContext context) => Task.Delay(Timeout.InfiniteTimeSpan, context.Clock, context.Ended);

    internal static Task AbortAsync(ResponseContext context)
    {
        context.Http.Abort();
        return Task.CompletedTask;
    }

    internal static ResponseWriter Body(ReadOnlyMemory<byte> body, string? contentType, int statusCode) => async context =>
    {
        context.Http.Response.StatusCode = statusCode;
        if (!body.IsEmpty)
            await WriteBodyAsync(context, body, contentType);
    };

    internal static ResponseWriter Padded(int size, bool chunked) => async context =>
    {
        var body = new byte[Math.Max(size, context.Regular.Body.Length)];
        body.AsSpan().Fill(WhiteSpace[0]);
        context.Regular.Body.CopyTo(body, 0);
        await WriteBodyAsync(context, body, MediaTypeNames.Application.Json, chunked);
    };

    internal static ResponseWriter Drip(TimeSpan interval) => async context =>
    {
        context.Http.Response.ContentType ??= MediaTypeNames.Application.Json;
        await context.Http.Response.Body.FlushAsync(context.Ended);
        while (true)
        {
            await Task.Delay(interval, context.Clock, context.Ended);
            await context.Http.Response.Body.WriteAsync(WhiteSpace, context.Ended);
            await context.Http.Response.Body.FlushAsync(context.Ended);
        }
    };

    private static async Task WriteBodyAsync(ResponseContext context, ReadOnlyMemory<byte> body, string? contentType, bool chunked = false)
    {
        var response = context.Http.Response;
        response.ContentType ??= contentType;
        response.ContentLength = chunked ? null : body.Length;
        await response.Body.WriteAsync(body, context.Ended);
    }
}
