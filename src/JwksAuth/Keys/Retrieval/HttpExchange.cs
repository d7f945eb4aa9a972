using System.Net;
using System.Net.Http.Headers;
using JwksAuth.Diagnostics;

namespace JwksAuth.Keys.Retrieval;

/// <summary>Common rules for all HTTP requests of the package.</summary>
internal static class HttpExchange
{
    /// <summary>The longest <c>Retry-After</c> that is honored.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(5);

    public static readonly ProductInfoHeaderValue Product = new("JwksAuth", typeof(HttpExchange).Assembly.GetName().Version?.ToString(3));

    /// <summary>Sends a request with the user agent; returns before the body is read, because a client would buffer all of it.</summary>
    public static Task<HttpResponseMessage> SendAsync(
        HttpMessageInvoker invoker, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var client = invoker as HttpClient;
        if (client is not { DefaultRequestHeaders.UserAgent.Count: > 0 })
            request.Headers.UserAgent.Add(Product);
        return client is not null
            ? client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            : invoker.SendAsync(request, cancellationToken);
    }

    /// <summary>The <c>Retry-After</c> of an overloaded server, in either form (RFC 9110 section 10.2.3); null if there is none.</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time)
    {
        if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
            return null;

        var asked = response.Headers.RetryAfter?.Delta ?? response.Headers.RetryAfter?.Date - time.GetUtcNow();
        return asked is not { } delay || delay <= TimeSpan.Zero ? null : delay < LongestRetryAfter ? delay : LongestRetryAfter;
    }

    /// <summary>Why a response is not from the requested address, to complete a sentence about the server; null if it is.</summary>
    public static string? Detour(Uri asked, HttpResponseMessage response)
    {
        if (response.RequestMessage?.RequestUri is { } answered && answered != asked)
        {
            return $"was not the one that answered, but {AddressText.Show(answered)}: a handler of the HTTP client followed a redirect, "
                + "which is not allowed (set AllowAutoRedirect to false), or changed the address of the request "
                + "(restore RequestUri in the response's RequestMessage)";
        }

        if ((int)response.StatusCode is < 300 or >= 400 || response.StatusCode == HttpStatusCode.NotModified)
            return null;
        return response.Headers.Location is { } location && Uri.TryCreate(asked, location, out var target)
            ? $"redirects to {AddressText.Show(target)}, which is not allowed"
            : "redirects elsewhere, which is not allowed";
    }
}
