using System.Collections.Immutable;
using System.Net.Mime;
using System.Text;

namespace JwksAuth.Testing;

/// <summary>How a <see cref="FakeEndpoint"/> answers. Immutable: <see cref="After"/> and <see cref="WithHeader"/> return a copy.</summary>
/// <example>
/// <code>issuer.Jwks.RespondOnce(FakeResponse.Status(503).WithHeader("Retry-After", "30").After(TimeSpan.FromSeconds(2)));</code>
/// </example>
public sealed class FakeResponse
{
    private readonly ResponseWriter _write;

    private FakeResponse(ResponseWriter write) => _write = write;

    /// <summary>The endpoint's regular response. Use it to delay the response, or to change its headers.</summary>
    public static FakeResponse Regular { get; } = new(ResponseWriters.WriteRegularAsync);

    /// <summary>404 without a body, as if the endpoint did not exist.</summary>
    public static FakeResponse NotFound { get; } = Status(404);

    /// <summary>A key set without keys: <c>{"keys":[]}</c>.</summary>
    public static FakeResponse EmptyKeySet { get; } = Text("""{"keys":[]}""");

    /// <summary>Accepts the request and never answers.</summary>
    public static FakeResponse Hang { get; } = new(ResponseWriters.HangAsync);

    /// <summary>Breaks the connection without a response.</summary>
    public static FakeResponse Abort { get; } = new(ResponseWriters.AbortAsync);

    internal TimeSpan Delay { get; private init; }

    internal ImmutableArray<KeyValuePair<string, string>> Headers { get; private init; } = [];

    /// <summary>A status code without a body.</summary>
    /// <param name="statusCode">200 to 599.</param>
    public static FakeResponse Status(int statusCode) =>
        new(ResponseWriters.Body(ReadOnlyMemory<byte>.Empty, contentType: null, statusCode));

    /// <summary>A text, encoded as UTF-8.</summary>
    /// <param name="body">The whole body.</param>
    /// <param name="contentType">The media type. <see langword="null"/> sends none.</param>
    /// <param name="statusCode">200 to 599.</param>
    public static FakeResponse Text(string body, string? contentType = MediaTypeNames.Application.Json, int statusCode = 200)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Bytes(Encoding.UTF8.GetBytes(body), contentType, statusCode);
    }

    /// <summary>Any bytes.</summary>
    /// <param name="body">The whole body.</param>
    /// <param name="contentType">The media type. <see langword="null"/> sends none.</param>
    /// <param name="statusCode">200 to 599.</param>
    public static FakeResponse Bytes(
        ReadOnlyMemory<byte> body, string? contentType = MediaTypeNames.Application.Json, int statusCode = 200) =>
        new(ResponseWriters.Body(body, contentType, statusCode));

    /// <summary>The regular document, padded with white space: valid except for its size.</summary>
    /// <param name="size">The size of the body in bytes.</param>
    /// <param name="chunked">Whether to omit <c>Content-Length</c>, so that the client learns the size by reading.</param>
    public static FakeResponse Oversize(int size = 1024 * 1024, bool chunked = false) => new(ResponseWriters.Padded(size, chunked));

    /// <summary>A body that never ends: the headers at once, then one byte of white space after every interval.</summary>
    /// <param name="interval">The time between two bytes, by the server's <see cref="FakeJwksServerOptions.TimeProvider"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="interval"/> is not positive.</exception>
    public static FakeResponse Drip(TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        return new(ResponseWriters.Drip(interval));
    }

    /// <summary>A redirect.</summary>
    /// <param name="location">The value of the <c>Location</c> header.</param>
    /// <param name="statusCode">300 to 399.</param>
    public static FakeResponse Redirect(string location, int statusCode = 302) => Status(statusCode).WithHeader("Location", location);

    /// <summary>The same response, sent later.</summary>
    /// <param name="delay">The time to the first byte, by <see cref="FakeJwksServerOptions.TimeProvider"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delay"/> is negative.</exception>
    public FakeResponse After(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        return new(_write) { Delay = delay, Headers = Headers };
    }

    /// <summary>The same response with one more header, such as <c>Cache-Control</c>. It replaces a regular one of that name.</summary>
    /// <param name="name">The name of the header.</param>
    /// <param name="value">Its value.</param>
    public FakeResponse WithHeader(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        return new(_write) { Delay = Delay, Headers = Headers.Add(new(name, value)) };
    }

    internal Task WriteAsync(ResponseContext context) => _write(context);
}
