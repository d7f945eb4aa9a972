namespace JwksAuth.Fleet;

/// <summary>Work that no request waits for, and that a source waits for when it is closed.</summary>
internal sealed class BackgroundTasks
{
    private Task _running = Task.CompletedTask;

    /// <summary>Completes when all work that was started has ended.</summary>
    public Task Running => Volatile.Read(ref _running);

    /// <summary>Starts work away from the context of the caller.</summary>
    public void Run(Func<Task> work)
    {
        Task task;
        using (ExecutionContext.SuppressFlow())
            task = Task.Run(work, CancellationToken.None);

        Task known;
        do
            known = Running;
        while (Interlocked.CompareExchange(ref _running, known.IsCompleted ? task : Task.WhenAll(known, task), known) != known);
    }
}
