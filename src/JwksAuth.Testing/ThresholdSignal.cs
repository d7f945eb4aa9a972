namespace JwksAuth.Testing;

/// <summary>Completes tasks when a number reaches the value that they wait for. Not thread-safe: its owner locks.</summary>
internal sealed class ThresholdSignal
{
    private readonly List<Waiter> _waiters = [];

    internal Task WaitAsync(int current, int wanted, CancellationToken cancellationToken)
    {
        if (current >= wanted)
            return Task.CompletedTask;

        var waiter = new Waiter(wanted, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _waiters.Add(waiter);
        return waiter.Completion.Task.WaitAsync(cancellationToken);
    }

    internal void Reached(int current) => _waiters.RemoveAll(waiter => current >= waiter.Wanted && waiter.Completion.TrySetResult());

    private sealed record Waiter(int Wanted, TaskCompletionSource Completion);
}
