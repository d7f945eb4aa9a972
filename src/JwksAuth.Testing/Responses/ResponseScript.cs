namespace JwksAuth.Testing;

/// <summary>Selects the next response: first those that are queued, then the one that was set until Reset.</summary>
internal sealed class ResponseScript
{
    private readonly Lock _lock = new();
    private readonly Queue<FakeResponse> _next = [];
    private FakeResponse _standing = FakeResponse.Regular;

    internal void Stand(FakeResponse response)
    {
        lock (_lock)
            _standing = response;
    }

    internal void Enqueue(FakeResponse response, int times)
    {
        lock (_lock)
        {
            for (var i = 0; i < times; i++)
            {
                _next.Enqueue(response);
            }
        }
    }

    internal FakeResponse Next()
    {
        lock (_lock)
            return _next.TryDequeue(out var response) ? response : _standing;
    }

    internal void Reset()
    {
        lock (_lock)
        {
            _next.Clear();
            _standing = FakeResponse.Regular;
        }
    }
}
