using System.Net;
using System.Net.Http.Headers;
using JwksAuth.Diagnostics;

namespace JwksAuth.Keys.Retrieval;

/// <summary>What every HTTP request of the package has in common.</summary>
internal static class HttpExchange
{
    /// <summary>The longest time for which a server is left alone because its <c>Retry-After</c> asks for it.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(5);

    /// <summary>Who asks (RFC 9110 section 10.1.5).</summary>
    public static readonly ProductInfoHeaderValue Product = new("JwksAuth", typeof(HttpExchange).Assembly.GetName().Version?.ToString(3));

    /// <summary>Sends a request that says who asks, and completes before the body is read: a client would buffer the whole of it.</summary>
    public static Task<HttpResponseMessage> SendAsync(HttpMessageInvoker invoker, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var client = invoker as HttpClient;
        if (client is not { DefaultRequestHeaders.UserAgent.Count: > 0 })
            request.Headers.UserAgent.Add(Product);
        return client is not null
            ? client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            : invoker.SendAsync(request, cancellationToken);
    }

    /// <summary>How long a server that is overloaded or down asks to be left alone, in either form (RFC 9110 section 10.2.3); null if it does not.</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time)
    {
        if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
            return null;

        var asked = response.Headers.RetryAfter?.Delta ?? response.Headers.RetryAfter?.Date - time.GetUtcNow();
        return asked is not { } delay || delay <= TimeSpan.Zero ? null : delay < LongestRetryAfter ? delay : LongestRetryAfter;
    }

    /// <summary>
    /// Why an answer did not come from where it was asked for, as the rest of a sentence about the server; null if it did. The application's own
    /// handler may have followed a redirect before we could refuse it.
    /// </summary>
    public static string? Detour(Uri asked, HttpResponseMessage response)
    {
        if (response.RequestMessage?.RequestUri is { } answered && answered != asked)
        {
            return $"was not the one that answered, but {AddressText.Show(answered)}: a handler of the HTTP client followed a redirect, which is refused (set AllowAutoRedirect to false), "
                + "or changed the address of the request (set RequestUri of the response's RequestMessage back to the address asked for)";
        }

        if ((int)response.StatusCode is < 300 or >= 400 || response.StatusCode == HttpStatusCode.NotModified)
            return null;
        return response.Headers.Location is { } location && Uri.TryCreate(asked, location, out var target)
            ? $"redirects to {AddressText.Show(target)}, which is refused"
            : "redirects elsewhere, which is refused";
    }
}
