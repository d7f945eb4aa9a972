using System.Net;
using System.Net.Http.Headers;
using JwksAuth.Diagnostics;
using JwksAuth.Foundation.Json;
using JwksAuth.Keys.Reading;

namespace JwksAuth.Keys.Retrieval;

/// <summary>Fetches JSON from exactly one address: https, no redirect, status 200, at most 512 KiB. Failures are results.</summary>
internal sealed class DocumentRetriever(IHttpClientFactory clients, RetrievalSettings settings, TimeProvider time)
{
    public const int MaximumBytes = 512 * 1024;

    private static readonly MediaTypeWithQualityHeaderValue Json = new("application/json");
    private static readonly MediaTypeWithQualityHeaderValue JwkSet = new("application/jwk-set+json");

    // The application owns its handler, so it is not disposed here.
    private readonly HttpMessageInvoker? _own =
        settings.Client ?? (settings.Handler is { } handler ? new HttpMessageInvoker(handler, disposeHandler: false) : null);

    /// <param name="etag">The entity tag of the cached copy; null fetches the whole document.</param>
    /// <param name="asksOrigin">Whether caches must revalidate with the server (RFC 9111 section 5.2.1.4).</param>
    public async Task<RetrievedDocument> GetAsync(string address, string? etag, bool asksOrigin, CancellationToken cancellationToken)
    {
        if (!AddressGate.TryPass(address, settings, out var uri, out var fault))
            return RetrievedDocument.Failed(FetchFailure.InsecureAddress, $"The address {Shown(address)} {fault}.");

        try
        {
            using var request = CreateRequest(uri, etag, asksOrigin);
            using var response = await HttpExchange.SendAsync(
                _own ?? clients.CreateClient(JwksAuthDefaults.HttpClientName), request, cancellationToken);
            return await ReadAsync(uri, response, cancellationToken) with { RetryAfter = HttpExchange.RetryAfter(response, time) };
        }
        catch (HttpRequestException exception)
        {
            return RetrievedDocument.Failed(FetchFailure.Unreachable, $"{Server(uri)} {ConnectionFault.Describe(exception)}.");
        }
        catch (IOException)
        {
            return RetrievedDocument.Failed(FetchFailure.Unreachable, $"{Server(uri)} closed the connection while its answer was read.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return RetrievedDocument.Failed(FetchFailure.Timeout, $"{Server(uri)} did not answer before the timeout of the HTTP client.");
        }
    }

    private static string Server(Uri uri) => $"The server at {AddressText.Show(uri)}";

    private static string Shown(string address) => $"'{LogText.Escape(AddressText.Redact(address))}'";

    private static HttpRequestMessage CreateRequest(Uri uri, string? etag, bool asksOrigin)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, uri);
        request.Headers.Accept.Add(Json);
        request.Headers.Accept.Add(JwkSet);
        if (asksOrigin)
            request.Headers.CacheControl = new CacheControlHeaderValue { NoCache = true };
        if (etag is not null && EntityTagHeaderValue.TryParse(etag, out var tag))
            request.Headers.IfNoneMatch.Add(tag);
        return request;
    }

    private static async Task<RetrievedDocument> ReadAsync(Uri asked, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (HttpExchange.Detour(asked, response) is { } detour)
            return Absent(FetchFailure.Redirect, $"{Server(asked)} {detour}.");
        if (response.StatusCode == HttpStatusCode.NotModified)
            return WithHeaders(new RetrievedDocument(null, null, null), response);

        if (response.StatusCode != HttpStatusCode.OK)
        {
            var failed = RetrievedDocument.Failed(FetchFailure.Status, $"{Server(asked)} answered with status {(int)response.StatusCode}.");
            return failed with { IsAbsent = response.StatusCode is < HttpStatusCode.InternalServerError or HttpStatusCode.NotImplemented };
        }

        var body = await BoundedBody.ReadAsync(response.Content, MaximumBytes, cancellationToken);
        return body.Failure is { } failure
            ? Absent(failure, $"The document at {AddressText.Show(asked)} {body.Error}.")
            : WithHeaders(new RetrievedDocument(body.Bytes, null, null), response);
    }

    private static RetrievedDocument Absent(FetchFailure failure, string error) =>
        RetrievedDocument.Failed(failure, error) with { IsAbsent = true };

    private static RetrievedDocument WithHeaders(RetrievedDocument document, HttpResponseMessage response) => document with
    {
        ETag = response.Headers.ETag?.ToString(),
        FreshFor = FreshFor(response.Headers),
    };

    // RFC 9111 sections 4.2.1 and 5.2.2; unparsable headers are ignored.
    private static TimeSpan? FreshFor(HttpResponseHeaders headers)
    {
        if (headers.CacheControl is not { } caching)
            return null;
        if (caching.NoCache || caching.NoStore)
            return TimeSpan.Zero;
        return caching.MaxAge is { } maxAge ? maxAge - (headers.Age ?? TimeSpan.Zero) : null;
    }
}
