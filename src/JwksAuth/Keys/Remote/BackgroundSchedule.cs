namespace JwksAuth.Keys.Remote;

/// <summary>Schedules the background fetches of a source. Guarded by its owner's lock.</summary>
internal sealed class BackgroundSchedule : IAsyncDisposable
{
    /// <summary>How long an on-the-fly source without keys is kept.</summary>
    public static readonly TimeSpan EmptyLifetime = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan LeastDelay = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private (long From, TimeSpan Delay)? _next;

    public BackgroundSchedule(TimeProvider time, Action onDue)
    {
        _time = time;

        // The timer must not capture the context of the request that created the source.
        using (ExecutionContext.SuppressFlow())
            _timer = time.CreateTimer(_ => onDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Closes an on-the-fly source and returns true if it is no longer needed; null for a configured source.</summary>
    public Func<bool>? TryRetire { get; set; }

    public TimeSpan? NextIn =>
        _next is var (from, delay) ? TimeSpan.FromTicks(Math.Max(0, (delay - _time.GetElapsedTime(from)).Ticks)) : null;

    /// <summary>
    /// Whether background fetches are allowed: not for an on-the-fly source without keys, which fetches for the next token.
    /// </summary>
    public bool MayFetch(bool hasKeys) => TryRetire is null || hasKeys;

    public void In(TimeSpan delay)
    {
        _next = (_time.GetTimestamp(), delay);
        _timer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    public void End() => _timer.Change(EmptyLifetime, Timeout.InfiniteTimeSpan);

    public void AfterFailure(int failures, TimeSpan cooldown, bool hasKeys, TimeSpan? retryAfter = null)
    {
        if (MayFetch(hasKeys))
            In(Longer(RefreshDelays.AfterFailure(failures, cooldown, hasKeys), retryAfter));
        else
            End();
    }

    public void AfterSuccess(TimeSpan interval, TimeSpan? freshFor, TimeSpan? retryAfter) =>
        In(Longer(Renewal(interval, freshFor), retryAfter));

    /// <summary>Schedules by the age of keys that another replica, or an earlier source for the same address, has fetched.</summary>
    public void ByAge(KeySnapshot snapshot, TimeSpan interval) =>
        In(Longer(LeastDelay, Renewal(interval, snapshot.FreshFor) - _time.GetElapsedTime(snapshot.ConfirmedAt)));

    public void BringForward(TimeSpan interval)
    {
        if (NextIn is { } planned && Renewal(interval, null) is var delay && delay < planned)
            In(delay);
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private static TimeSpan Renewal(TimeSpan interval, TimeSpan? freshFor) =>
        RefreshDelays.AfterSuccess(interval, freshFor, Random.Shared.NextDouble());

    private static TimeSpan Longer(TimeSpan delay, TimeSpan? other) => other > delay ? other.Value : delay;
}
