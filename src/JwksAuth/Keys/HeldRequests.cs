namespace JwksAuth.Keys;

/// <summary>The requests of one source that are held until its window opens. Bounded: one too many is not held at all.</summary>
internal sealed class HeldRequests(TimeProvider time)
{
    /// <summary>The most requests held at a time.</summary>
    public const int Maximum = 1000;

    private int _count;

    /// <summary>Takes a place, which <see cref="HoldAsync"/> gives back; false when all are taken.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _count) <= Maximum)
            return true;
        Interlocked.Decrement(ref _count);
        return false;
    }

    /// <summary>Waits in the place that was taken.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task HoldAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(delay, time, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
