namespace JwksAuth.Keys;

/// <summary>
/// The least time between two fetches that tokens may cause. It is stamped when an attempt starts, whatever comes of it,
/// and measured on the monotonic clock. Guarded by its owner's lock.
/// </summary>
internal sealed class FetchWindow(TimeProvider time)
{
    private long? _stampedAt;

    public void Stamp() => _stampedAt = time.GetTimestamp();

    /// <summary>Closes the window for so long, whatever happened here: somebody else has fetched.</summary>
    public void Close(TimeSpan remaining, TimeSpan interval) =>
        _stampedAt = time.TimestampBefore(time.GetTimestamp(), interval - (remaining < interval ? remaining : interval));

    public void Reset() => _stampedAt = null;

    /// <summary>How long the window stays closed; zero when a fetch may start now.</summary>
    public TimeSpan RemainingOf(TimeSpan interval)
    {
        if (_stampedAt is not { } stampedAt)
            return TimeSpan.Zero;

        var remaining = interval - time.GetElapsedTime(stampedAt);
        return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
    }
}
