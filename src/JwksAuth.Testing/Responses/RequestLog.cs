using Microsoft.AspNetCore.Http;

namespace JwksAuth.Testing;

internal sealed class RequestLog(int capacity)
{
    private readonly Lock _lock = new();
    private readonly Queue<RecordedRequest> _requests = [];

    internal IReadOnlyList<RecordedRequest> Snapshot()
    {
        lock (_lock)
            return [.. _requests];
    }

    internal void Add(RecordedRequest request)
    {
        lock (_lock)
        {
            if (_requests.Count == capacity)
                _requests.Dequeue();

            _requests.Enqueue(request);
        }
    }

    internal static RecordedRequest Describe(HttpRequest request, DateTimeOffset time) =>
        new(time, request.Method, request.Path.Value ?? "/", request.Headers.ToDictionary(
            header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
}
