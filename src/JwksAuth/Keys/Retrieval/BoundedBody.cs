using System.IO.Compression;
using JwksAuth.Keys.Reading;

namespace JwksAuth.Keys.Retrieval;

/// <summary>A body that somebody else wrote: decoded, and read only up to a limit.</summary>
/// <param name="Bytes">The whole body, decoded; null if there is a failure.</param>
/// <param name="Failure">Why there is none.</param>
/// <param name="Error">The failure in words, as the rest of a sentence about the answer.</param>
internal readonly record struct BoundedBody(byte[]? Bytes, FetchFailure? Failure, string? Error)
{
    // A stack of decoders that the server chose would cost more than its answer is worth.
    private const int MaximumCodings = 2;

    /// <param name="content">The body.</param>
    /// <param name="maximumBytes">The most bytes, before and after decoding.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public static async Task<BoundedBody> ReadAsync(HttpContent content, int maximumBytes, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > maximumBytes)
            return TooLarge(maximumBytes);

        var encoded = await content.ReadAsStreamAsync(cancellationToken);
        if (Decode(encoded, content.Headers.ContentEncoding) is not { } stream)
        {
            await encoded.DisposeAsync();
            return new(null, FetchFailure.ContentCoding, "has a content coding other than gzip, br and deflate: let the server send it without");
        }

        await using (stream)
        {
            try
            {
                return await ReadAsync(stream, maximumBytes, cancellationToken) is { } bytes ? new(bytes, null, null) : TooLarge(maximumBytes);
            }
            catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException)
            {
                return new(null, FetchFailure.ContentCoding, "is not in the content coding that its Content-Encoding names");
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

    // RFC 9110 section 8.4: listed in the order in which they were applied. Null for one that is not known.
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
