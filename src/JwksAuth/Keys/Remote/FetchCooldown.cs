using JwksAuth.Foundation.Time;

namespace JwksAuth.Keys.Remote;

/// <summary>
/// The minimum time between fetches that tokens cause. It starts with each fetch that a token caused and each fetch that failed, on the
/// monotonic clock. Guarded by its owner's lock.
/// </summary>
internal sealed class FetchCooldown(TimeProvider time)
{
    private long? _begunAt;
    private (long From, TimeSpan Delay)? _deferred;

    /// <summary>Starts the cooldown at this time, unless it started later.</summary>
    public void BeginAt(long timestamp) => _begunAt = _begunAt is { } known && known > timestamp ? known : timestamp;

    public void EndIn(TimeSpan remaining, TimeSpan interval) =>
        _begunAt = time.TimestampBefore(time.GetTimestamp(), interval - (remaining < interval ? remaining : interval));

    public void Defer(TimeSpan delay) => _deferred = (time.GetTimestamp(), delay);

    public void Reset()
    {
        _begunAt = null;
        _deferred = null;
    }

    /// <summary>The rest of the cooldown; zero if a token may cause a fetch.</summary>
    public TimeSpan RemainingOf(TimeSpan interval)
    {
        var deferred = _deferred is var (from, delay) ? delay - time.GetElapsedTime(from) : TimeSpan.Zero;
        var begun = _begunAt is { } begunAt ? interval - time.GetElapsedTime(begunAt) : TimeSpan.Zero;
        var remaining = begun > deferred ? begun : deferred;
        return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
    }
}
