namespace JwksAuth.Fleet;

/// <summary>Background work that no request waits for, but the disposal of a source does.</summary>
internal sealed class BackgroundTasks
{
    private Task _running = Task.CompletedTask;

    public Task Running => Volatile.Read(ref _running);

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
