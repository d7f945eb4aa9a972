namespace JwksAuth.Diagnostics;

/// <summary>
/// Which failures of a server that fails again and again are worth a message: the first one, one in five minutes after it, and one that makes matters
/// worse. Then its end.
/// </summary>
internal sealed class OutageGate(TimeProvider time)
{
    private static readonly TimeSpan Reminder = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private volatile bool _isOutage;
    private bool _isGrave;
    private long _toldAt;
    private long _failedAt;
    private long _failures;

    /// <param name="isGrave">Whether callers feel it.</param>
    /// <param name="failures">How many failures there were since the outage began, this one included.</param>
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

    /// <summary>Called for every success; true for the one that ends an outage.</summary>
    /// <param name="quiet">How long there must have been no failure: zero where successes and failures cannot alternate fast.</param>
    /// <param name="failures">How many failures there were.</param>
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
