using System.Net.Http.Headers;
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Introspection;

/// <summary>Asks the authorization server about one token (RFC 7662 section 2.1, RFC 9701 section 4).</summary>
/// <param name="channel">Leads to the server.</param>
/// <param name="authentication">Proves who asks.</param>
/// <param name="accept">The one media type to ask for: a list or a weight is misread by servers.</param>
internal sealed class IntrospectionClient(Func<HttpMessageInvoker> channel, IClientAuthentication authentication, string accept)
{
    public const int MaximumBytes = 64 * 1024;

    /// <summary>Every fault of the network is a reply.</summary>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public async ValueTask<ServerReply> AskAsync(string token, ServerDescription server, CancellationToken cancellationToken)
    {
        try
        {
            using var request = CreateRequest(token, server);
            if (request is null)
                return ServerReply.Unusable("there is no key to sign client assertions with: see the key ring");
            var address = request.RequestUri; // a handler that follows redirects changes it
            using var response = await SendAsync(request, cancellationToken);
            return await ReadAsync(address, response, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            return ServerReply.Failed($"the server cannot be reached ({exception.HttpRequestError})");
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The application's own message handlers run inside and may throw anything.
            return ServerReply.Failed($"the request failed ({exception.GetType().Name})");
        }
    }

    private HttpRequestMessage? CreateRequest(string token, ServerDescription server)
    {
        var form = new List<KeyValuePair<string, string>> { new("token", token), new("token_type_hint", "access_token") };
        var request = new HttpRequestMessage(HttpMethod.Post, server.Endpoint);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        if (!authentication.TryApply(request, form, server))
            return null;

        request.Content = new FormUrlEncodedContent(form);
        return request;
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // A client would buffer the whole body before the limit could act.
        var invoker = channel();
        return invoker is HttpClient client
            ? client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            : invoker.SendAsync(request, cancellationToken);
    }

    private static async Task<ServerReply> ReadAsync(Uri? asked, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        // The application's own handler may have followed a redirect: whoever is there vouches for nothing.
        if (response.RequestMessage?.RequestUri is { } answered && answered != asked)
            return ServerReply.Unusable("the server redirects elsewhere, which is refused");
        if (await BoundedBody.ReadAsync(response.Content, MaximumBytes, cancellationToken) is not { } body)
            return ServerReply.Unusable($"the answer is larger than {MaximumBytes / 1024} KiB");

        return new ServerReply(response.StatusCode, response.Content.Headers.ContentType?.MediaType, body)
        {
            RetryAfter = response.Headers.RetryAfter?.Delta,
        };
    }
}
