namespace JwksAuth.Keys.Retrieval;

/// <summary>Reads bodies that somebody else wrote, as far as they are not too large.</summary>
internal static class BoundedBody
{
    /// <summary>The whole body; null if it is larger than allowed.</summary>
    public static async Task<byte[]?> ReadAsync(HttpContent content, int maximumBytes, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > maximumBytes)
            return null;

        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
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
}
