namespace JwksAuth.Keys;

/// <summary>
/// Requests that are held until the window of their source opens: at most 1,000, and one timer for all of them. Whoever is let go looks
/// for itself whether its time has come.
/// </summary>
internal sealed class HeldRequests : IDisposable
{
    /// <summary>The most requests held at a time.</summary>
    public const int Maximum = 1000;

    private readonly ITimer _timer;
    private TaskCompletionSource? _opening;
    private int _count;

    public HeldRequests(TimeProvider time)
    {
        using (ExecutionContext.SuppressFlow())
            _timer = time.CreateTimer(_ => LetGo(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _count) <= Maximum)
            return true;
        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _count);

    /// <summary>Completes when the window has opened, or earlier if something has changed. Called under the owner's lock.</summary>
    public Task WaitAsync(TimeSpan remaining)
    {
        if (Volatile.Read(ref _opening) is { } opening)
            return opening.Task;

        opening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _opening, opening);

        // The platform's timers cut to whole milliseconds: one too early would find the window still closed.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(remaining.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        return opening.Task;
    }

    /// <summary>Lets everybody go: there is something new to look at. Called under the owner's lock.</summary>
    public void Release()
    {
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        LetGo();
    }

    public void Dispose()
    {
        _timer.Dispose();
        LetGo();
    }

    private void LetGo() => Interlocked.Exchange(ref _opening, null)?.TrySetResult();
}
