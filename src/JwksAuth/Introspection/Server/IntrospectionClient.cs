using System.Net.Http.Headers;
using JwksAuth.Diagnostics;
using JwksAuth.Keys.Reading;
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Introspection.Server;

/// <summary>Asks the authorization server about one token (RFC 7662 section 2.1, RFC 9701 section 4).</summary>
/// <param name="channel">Leads to the server.</param>
/// <param name="authentication">Proves who asks.</param>
/// <param name="accept">The one media type to ask for: a list or a weight is misread by servers.</param>
/// <param name="maximumBytes">The largest answer that is read.</param>
/// <param name="time">The clock that dates are compared to.</param>
internal sealed class IntrospectionClient(Func<HttpMessageInvoker> channel, IClientAuthentication authentication, string accept, int maximumBytes, TimeProvider time)
{
    /// <summary>Every fault of the network is a reply.</summary>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public async ValueTask<ServerReply> AskAsync(string token, ServerDescription server, CancellationToken cancellationToken)
    {
        try
        {
            using var request = CreateRequest(token, server);
            if (request is null)
                return ServerReply.Unusable("there is no key to sign client assertions with: see the key ring");
            var address = request.RequestUri!; // a handler that follows redirects changes it
            using var response = await HttpExchange.SendAsync(channel(), request, cancellationToken);
            return await ReadAsync(address, response, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            return ServerReply.Unreachable($"{Server(server)} {ConnectionFault.Describe(exception)}", ConnectionFault.IsUnconnected(exception));
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

    private static string Server(ServerDescription server) => $"the server at {AddressText.Show(new Uri(server.Endpoint!, UriKind.Absolute))}";

    private async Task<ServerReply> ReadAsync(Uri asked, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        // Whoever is elsewhere vouches for nothing.
        if (HttpExchange.Detour(asked, response) is { } detour)
        {
            var error = $"the server at {AddressText.Show(asked)} {detour}";
            return (int)response.StatusCode is >= 300 and < 400 ? ServerReply.Redirect(response.StatusCode, error) : ServerReply.Unusable(error);
        }

        var body = await BoundedBody.ReadAsync(response.Content, maximumBytes, cancellationToken);
        if (body.Bytes is not { } bytes)
            return ServerReply.Unusable($"the answer {body.Error}{(body.Failure == FetchFailure.TooLarge ? ": see MaximumAnswerSize" : "")}");

        return new ServerReply(response.StatusCode, response.Content.Headers.ContentType?.MediaType, bytes)
        {
            RetryAfter = HttpExchange.RetryAfter(response, time),
        };
    }
}
