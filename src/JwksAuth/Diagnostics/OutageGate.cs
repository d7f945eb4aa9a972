namespace JwksAuth.Diagnostics;

/// <summary>Limits the messages about an outage: the first failure, one per five minutes, one when it gets worse, the recovery.</summary>
internal sealed class OutageGate(TimeProvider time)
{
    private static readonly TimeSpan Reminder = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private volatile bool _isOutage;
    private bool _isGrave;
    private long _toldAt;
    private long _failedAt;
    private long _failures;

    /// <param name="isGrave">Whether the outage affects callers.</param>
    /// <param name="failures">The number of failures since the outage began, including this one.</param>
    public bool TryTell(bool isGrave, out long failures)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            var isNews = !_isOutage || (isGrave && !_isGrave);
            (_isOutage, _isGrave, _failedAt) = (true, isGrave, now);
            failures = ++_failures;
            if (!isNews && time.GetElapsedTime(_toldAt, now) < Reminder)
                return false;
            _toldAt = now;
            return true;
        }
    }

    /// <summary>Records a success; true if it ends an outage.</summary>
    /// <param name="quiet">The time without failures that ends an outage; zero if successes and failures cannot alternate quickly.</param>
    public bool TryEnd(TimeSpan quiet, out long failures)
    {
        failures = 0;
        if (!_isOutage)
            return false;

        lock (_gate)
        {
            if (!_isOutage || time.GetElapsedTime(_failedAt) < quiet)
                return false;
            failures = _failures;
            (_isOutage, _isGrave, _failures) = (false, false, 0);
            return true;
        }
    }
}
