using System.IO.Compression;
using JwksAuth.Keys.Reading;

namespace JwksAuth.Keys.Retrieval;

/// <summary>A decoded response body, read up to a limit.</summary>
/// <param name="Error">The failure, which completes a sentence about the response.</param>
internal readonly record struct BoundedBody(byte[]? Bytes, FetchFailure? Failure, string? Error)
{
    // More decoders, chosen by the server, would cost more than its response is worth.
    private const int MaximumCodings = 2;

    /// <param name="maximumBytes">The limit in bytes, before and after decoding.</param>
    public static async Task<BoundedBody> ReadAsync(HttpContent content, int maximumBytes, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > maximumBytes)
            return TooLarge(maximumBytes);

        var encoded = await content.ReadAsStreamAsync(cancellationToken);
        if (Decode(encoded, content.Headers.ContentEncoding) is not { } stream)
        {
            await encoded.DisposeAsync();
            return new(
                null, FetchFailure.ContentCoding, "has a content coding other than gzip, br and deflate: let the server send it without");
        }

        await using (stream)
        {
            try
            {
                return await ReadAsync(stream, maximumBytes, cancellationToken) is { } bytes
                    ? new(bytes, null, null)
                    : TooLarge(maximumBytes);
            }
            catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException)
            {
                return new(null, FetchFailure.ContentCoding, "is not encoded as its Content-Encoding states");
            }
        }
    }

    private static BoundedBody TooLarge(int maximumBytes) => new(null, FetchFailure.TooLarge, $"is larger than {maximumBytes / 1024} KiB");

    private static async Task<byte[]?> ReadAsync(Stream stream, int maximumBytes, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await stream.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            if (body.Length + read > maximumBytes)
                return null;
            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    // RFC 9110 section 8.4: listed in the order of application. Null for an unknown coding.
    private static Stream? Decode(Stream stream, ICollection<string> codings)
    {
        if (codings.Count > MaximumCodings)
            return null;

        foreach (var coding in codings.Reverse())
        {
            Stream? decoded = coding.ToUpperInvariant() switch
            {
                "IDENTITY" => stream,
                "GZIP" or "X-GZIP" => new GZipStream(stream, CompressionMode.Decompress),
                "BR" => new BrotliStream(stream, CompressionMode.Decompress),
                "DEFLATE" => new ZLibStream(stream, CompressionMode.Decompress),
                _ => null,
            };
            if (decoded is null)
                return null;
            stream = decoded;
        }

        return stream;
    }
}
