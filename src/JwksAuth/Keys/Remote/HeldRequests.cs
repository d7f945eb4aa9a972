namespace JwksAuth.Keys.Remote;

/// <summary>
/// Requests held until the cooldown ends: at most 1,000, with one timer. When full, the oldest request with another kid gives way, so that
/// junk cannot block later requests. A released request checks for itself whether it may go on.
/// </summary>
internal sealed class HeldRequests : IDisposable
{
    public const int Maximum = 1000;

    private readonly Lock _gate = new();
    private readonly LinkedList<Place> _places = [];
    private readonly ITimer _timer;
    private TaskCompletionSource? _end;

    public HeldRequests(TimeProvider time)
    {
        using (ExecutionContext.SuppressFlow())
            _timer = time.CreateTimer(_ => ReleaseAll(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Takes a place; null if requests with the same kid hold all places.</summary>
    public Place? TryEnter(string? keyId)
    {
        lock (_gate)
        {
            if (_places.Count >= Maximum)
            {
                var leaving = _places.First;
                while (leaving is not null && leaving.Value.KeyId == keyId)
                    leaving = leaving.Next;
                if (leaving is null)
                    return null;
                _places.Remove(leaving);
                leaving.Value.Lose();
            }

            var place = new Place(keyId);
            place.Node = _places.AddLast(place);
            return place;
        }
    }

    public void Leave(Place place)
    {
        lock (_gate)
        {
            if (place.Node.List is not null)
                _places.Remove(place.Node);
        }
    }

    /// <summary>Completes when the cooldown ends, or earlier after a change. Called under the owner's lock.</summary>
    public Task WaitAsync(TimeSpan remaining)
    {
        if (Volatile.Read(ref _end) is { } end)
            return end.Task;

        end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _end, end);

        // Timers truncate to whole milliseconds; firing early would find the cooldown not over yet.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(remaining.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        return end.Task;
    }

    /// <summary>Releases all requests after a change. Called under the owner's lock.</summary>
    public void Release()
    {
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        ReleaseAll();
    }

    public void Dispose()
    {
        _timer.Dispose();
        ReleaseAll();
    }

    private void ReleaseAll() => Interlocked.Exchange(ref _end, null)?.TrySetResult();

    internal sealed class Place(string? keyId)
    {
        private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string? KeyId => keyId;

        public LinkedListNode<Place> Node { get; set; } = null!;

        public Task Lost => _lost.Task;

        public void Lose() => _lost.TrySetResult();
    }
}
