using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Testing;

/// <summary>Records every request and hands it to the endpoint at its path.</summary>
internal sealed class RequestRouter(FakeJwksServerOptions options)
{
    private readonly RequestLog _log = new(options.RequestLogCapacity);
    private readonly ConcurrentDictionary<string, (FakeIssuer Issuer, FakeEndpoint Endpoint)> _routes = new(StringComparer.Ordinal);

    internal IReadOnlyList<RecordedRequest> Requests => _log.Snapshot();

    internal void Add(FakeIssuer issuer)
    {
        foreach (var endpoint in issuer.Endpoints)
        {
            if (!_routes.TryAdd(new Uri(endpoint.Uri).AbsolutePath, (issuer, endpoint)))
                throw new ArgumentException($"The issuer {issuer.Issuer} exists already.", nameof(issuer));
        }
    }

    internal async Task HandleAsync(HttpContext context)
    {
        var request = RequestLog.Describe(context.Request, options.TimeProvider.GetUtcNow());
        _log.Add(request);
        if (!_routes.TryGetValue(request.Path, out var route))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        else if (!HttpMethods.Equals(route.Endpoint.Method, request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = route.Endpoint.Method;
        }
        else
        {
            route.Issuer.Record(request);
            await route.Endpoint.HandleAsync(context);
        }
    }
}
