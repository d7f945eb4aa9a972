namespace JwksAuth.Keys.Remote;

/// <summary>
/// Requests that are held until the cooldown of their source is over: at most 1,000, and one timer for all of them. Where there is no room, the longest held of
/// another kid leaves, so that junk keeps no place from a request that comes later. A released request checks for itself whether it may go on.
/// </summary>
internal sealed class HeldRequests : IDisposable
{
    /// <summary>The most requests held at a time.</summary>
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

    /// <summary>Takes a place; null if all are taken by requests of the same kid.</summary>
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

    /// <summary>Completes when the cooldown is over, or earlier if something has changed. Called under the owner's lock.</summary>
    public Task WaitAsync(TimeSpan remaining)
    {
        if (Volatile.Read(ref _end) is { } end)
            return end.Task;

        end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _end, end);

        // The platform's timers cut to whole milliseconds: one too early would find the cooldown not over yet.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(remaining.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        return end.Task;
    }

    /// <summary>Releases all requests: there is something new to look at. Called under the owner's lock.</summary>
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

    /// <summary>The place of one request.</summary>
    internal sealed class Place(string? keyId)
    {
        private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string? KeyId => keyId;

        public LinkedListNode<Place> Node { get; set; } = null!;

        /// <summary>Completes when another request has taken the place.</summary>
        public Task Lost => _lost.Task;

        public void Lose() => _lost.TrySetResult();
    }
}
