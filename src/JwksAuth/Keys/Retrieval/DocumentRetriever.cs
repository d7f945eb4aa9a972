using System.Net;
using System.Net.Http.Headers;

namespace JwksAuth.Keys.Retrieval;

/// <summary>
/// Fetches a JSON document from exactly the address it was given: https, no redirect, status 200, at most 512 KiB.
/// Whatever goes wrong is an answer, not an exception, except that the caller gave up.
/// </summary>
internal sealed class DocumentRetriever(IHttpClientFactory clients, RetrievalSettings settings)
{
    public const int MaximumBytes = 512 * 1024;

    private static readonly MediaTypeWithQualityHeaderValue Json = new("application/json");
    private static readonly MediaTypeWithQualityHeaderValue JwkSet = new("application/jwk-set+json");

    // The application owns its handler: nothing here disposes it.
    private readonly HttpMessageInvoker? _own =
        settings.Client ?? (settings.Handler is { } handler ? new HttpMessageInvoker(handler, disposeHandler: false) : null);

    public async Task<RetrievedDocument> GetAsync(string address, string? etag, bool bypassCaches, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || !IsAllowed(uri))
            return RetrievedDocument.Failed(FetchFailure.InsecureAddress, "The address is not an https URL.");

        try
        {
            using var request = CreateRequest(uri, etag, bypassCaches);
            using var response = await SendAsync(request, cancellationToken);
            return await ReadAsync(uri, response, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            return RetrievedDocument.Failed(FetchFailure.Unreachable, $"The server cannot be reached ({exception.HttpRequestError}).");
        }
        catch (IOException)
        {
            return RetrievedDocument.Failed(FetchFailure.Unreachable, "The connection broke while the answer was read.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return RetrievedDocument.Failed(FetchFailure.Timeout, "The HTTP client gave up waiting.");
        }
    }

    /// <summary>Whether keys may be taken from this address: https, or http as far as the operator allowed it.</summary>
    public static bool IsAllowed(Uri uri, RetrievalSettings settings) =>
        uri.Scheme == Uri.UriSchemeHttps
        || (uri.Scheme == Uri.UriSchemeHttp && (settings.AllowAnyHttp || (settings.AllowLoopbackHttp && uri.IsLoopback)));

    private bool IsAllowed(Uri uri) => IsAllowed(uri, settings);

    private static HttpRequestMessage CreateRequest(Uri uri, string? etag, bool bypassCaches)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, uri);
        request.Headers.Accept.Add(Json);
        request.Headers.Accept.Add(JwkSet);
        if (bypassCaches)
            request.Headers.CacheControl = new CacheControlHeaderValue { NoCache = true };
        else if (etag is not null && EntityTagHeaderValue.TryParse(etag, out var tag))
            request.Headers.IfNoneMatch.Add(tag);
        return request;
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var invoker = _own ?? clients.CreateClient(JwksAuthDefaults.HttpClientName);

        // A client would buffer the whole body before the limit could act.
        return invoker is HttpClient client
            ? client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            : invoker.SendAsync(request, cancellationToken);
    }

    private static async Task<RetrievedDocument> ReadAsync(Uri asked, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        // The application's own handler may have followed a redirect before we could refuse it.
        if (IsRedirect(response.StatusCode) || (response.RequestMessage?.RequestUri is { } answered && answered != asked))
            return RetrievedDocument.Failed(FetchFailure.Redirect, "The server redirects elsewhere, which is refused.");

        if (response.StatusCode == HttpStatusCode.NotModified)
            return WithHeaders(new RetrievedDocument(null, null, null), response);

        if (response.StatusCode != HttpStatusCode.OK)
        {
            var error = $"The server answered with status {(int)response.StatusCode}.";
            return RetrievedDocument.Failed(FetchFailure.Status, error) with { IsAbsent = response.StatusCode == HttpStatusCode.NotFound };
        }

        return await BoundedBody.ReadAsync(response.Content, MaximumBytes, cancellationToken) is { } body
            ? WithHeaders(new RetrievedDocument(body, null, null), response)
            : RetrievedDocument.Failed(FetchFailure.TooLarge, $"The document is larger than {MaximumBytes / 1024} KiB.");
    }

    private static bool IsRedirect(HttpStatusCode status) => (int)status is >= 300 and < 400 && status != HttpStatusCode.NotModified;

    private static RetrievedDocument WithHeaders(RetrievedDocument document, HttpResponseMessage response) => document with
    {
        ETag = response.Headers.ETag?.ToString(),
        FreshFor = FreshFor(response.Headers),
    };

    // RFC 9111 sections 4.2.1 and 5.2.2; anything that does not parse is as if it were not there.
    private static TimeSpan? FreshFor(HttpResponseHeaders headers)
    {
        if (headers.CacheControl is not { } caching)
            return null;
        if (caching.NoCache || caching.NoStore)
            return TimeSpan.Zero;
        return caching.MaxAge is { } maxAge ? maxAge - (headers.Age ?? TimeSpan.Zero) : null;
    }
}
