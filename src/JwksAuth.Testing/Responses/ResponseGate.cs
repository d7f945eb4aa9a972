namespace JwksAuth.Testing;

/// <summary>Holds responses back until every holder has released the gate.</summary>
internal sealed class ResponseGate
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _open = CreateOpen();
    private int _holders;

    internal IDisposable Hold()
    {
        lock (_lock)
        {
            if (_holders++ == 0)
                _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return new Release(ReleaseOne);
    }

    internal Task WaitAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            return _open.Task.WaitAsync(cancellationToken);
    }

    private static TaskCompletionSource CreateOpen()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }

    private void ReleaseOne()
    {
        lock (_lock)
        {
            if (--_holders == 0)
                _open.SetResult();
        }
    }
}
