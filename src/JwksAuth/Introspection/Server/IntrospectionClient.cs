using System.Net.Http.Headers;
using JwksAuth.Diagnostics;
using JwksAuth.Keys.Reading;
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Introspection.Server;

/// <summary>Sends introspection requests (RFC 7662 section 2.1, RFC 9701 section 4).</summary>
/// <param name="accept">The only media type in <c>Accept</c>: some servers misread lists and weights.</param>
/// <param name="maximumBytes">The maximum size of a response.</param>
internal sealed class IntrospectionClient(
    Func<HttpMessageInvoker> channel, IClientAuthentication authentication, string accept, int maximumBytes, TimeProvider time)
{
    /// <summary>Sends a request. Network faults are replies.</summary>
    public async ValueTask<ServerReply> AskAsync(string token, ServerDescription server, CancellationToken cancellationToken)
    {
        try
        {
            using var request = CreateRequest(token, server);
            if (request is null)
                return ServerReply.Unusable("there is no key for signing client assertions: see the key ring");
            var address = request.RequestUri!; // a handler that follows redirects changes it
            using var response = await HttpExchange.SendAsync(channel(), request, cancellationToken);
            return await ReadAsync(address, response, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            return ServerReply.Unreachable(
                $"{Server(server)} {ConnectionFault.Describe(exception)}", ConnectionFault.IsUnconnected(exception));
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The application's message handlers run within the request and may throw anything.
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

    private static string Server(ServerDescription server) =>
        $"the server at {AddressText.Show(new Uri(server.Endpoint!, UriKind.Absolute))}";

    private async Task<ServerReply> ReadAsync(Uri asked, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        // A server at another address is not trusted.
        if (HttpExchange.Detour(asked, response) is { } detour)
        {
            var error = $"the server at {AddressText.Show(asked)} {detour}";
            return (int)response.StatusCode is >= 300 and < 400
                ? ServerReply.Redirect(response.StatusCode, error)
                : ServerReply.Unusable(error);
        }

        var body = await BoundedBody.ReadAsync(response.Content, maximumBytes, cancellationToken);
        if (body.Bytes is not { } bytes)
            return ServerReply.Unusable(
                $"the response {body.Error}{(body.Failure == FetchFailure.TooLarge ? ": see MaximumAnswerSize" : "")}");

        return new ServerReply(response.StatusCode, response.Content.Headers.ContentType?.MediaType, bytes)
        {
            RetryAfter = HttpExchange.RetryAfter(response, time),
        };
    }
}
