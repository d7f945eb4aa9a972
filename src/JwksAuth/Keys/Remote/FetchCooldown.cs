using JwksAuth.Foundation.Time;

namespace JwksAuth.Keys.Remote;

/// <summary>
/// The least time between two fetches that tokens may cause. It is counted from the start of a fetch that a token caused, and of one that
/// failed whatever its cause, on the monotonic clock. Guarded by its owner's lock.
/// </summary>
internal sealed class FetchCooldown(TimeProvider time)
{
    private long? _begunAt;
    private (long From, TimeSpan Delay)? _deferred;

    /// <summary>Starts the cooldown at this time, unless it has started later.</summary>
    public void BeginAt(long timestamp) => _begunAt = _begunAt is { } known && known > timestamp ? known : timestamp;

    /// <summary>Sets the rest of the cooldown, whatever happened here: another replica has fetched.</summary>
    public void EndIn(TimeSpan remaining, TimeSpan interval) =>
        _begunAt = time.TimestampBefore(time.GetTimestamp(), interval - (remaining < interval ? remaining : interval));

    /// <summary>Extends the cooldown to this delay from now at least: the issuer asks for it.</summary>
    public void Defer(TimeSpan delay) => _deferred = (time.GetTimestamp(), delay);

    public void Reset()
    {
        _begunAt = null;
        _deferred = null;
    }

    /// <summary>How long the cooldown still lasts; zero when a token may cause a fetch now.</summary>
    public TimeSpan RemainingOf(TimeSpan interval)
    {
        var deferred = _deferred is var (from, delay) ? delay - time.GetElapsedTime(from) : TimeSpan.Zero;
        var begun = _begunAt is { } begunAt ? interval - time.GetElapsedTime(begunAt) : TimeSpan.Zero;
        var remaining = begun > deferred ? begun : deferred;
        return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
    }
}
