namespace JwksAuth.Keys;

/// <summary>
/// The least time between two fetches that tokens may cause: the cooldown. It is counted from the start of a fetch that a token caused, and of
/// one that failed whatever its cause, on the monotonic clock. Guarded by its owner's lock.
/// </summary>
internal sealed class FetchWindow(TimeProvider time)
{
    private long? _stampedAt;
    private (long From, TimeSpan Delay)? _deferred;

    /// <summary>Starts the cooldown at this time, unless it has started later.</summary>
    public void StampAt(long timestamp) => _stampedAt = _stampedAt is { } known && known > timestamp ? known : timestamp;

    /// <summary>Closes the window for so long, whatever happened here: somebody else has fetched.</summary>
    public void Close(TimeSpan remaining, TimeSpan interval) =>
        _stampedAt = time.TimestampBefore(time.GetTimestamp(), interval - (remaining < interval ? remaining : interval));

    /// <summary>Keeps the window closed for so long at least: the issuer asks for it.</summary>
    public void Defer(TimeSpan delay) => _deferred = (time.GetTimestamp(), delay);

    public void Reset()
    {
        _stampedAt = null;
        _deferred = null;
    }

    /// <summary>How long the window stays closed; zero when a fetch may start now.</summary>
    public TimeSpan RemainingOf(TimeSpan interval)
    {
        var deferred = _deferred is var (from, delay) ? delay - time.GetElapsedTime(from) : TimeSpan.Zero;
        var stamped = _stampedAt is { } stampedAt ? interval - time.GetElapsedTime(stampedAt) : TimeSpan.Zero;
        var remaining = stamped > deferred ? stamped : deferred;
        return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
    }
}
