namespace JwksAuth.Diagnostics;

/// <summary>Lets one message through every 10 seconds and counts the others.</summary>
internal sealed class FloodGate(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private long? _passedAt;
    private long _count;

    /// <param name="count">The number of events since the last message, including this one.</param>
    public bool TryPass(out long count)
    {
        lock (_gate)
        {
            count = ++_count;
            if (_passedAt is { } passedAt && time.GetElapsedTime(passedAt) < Interval)
                return false;
            _passedAt = time.GetTimestamp();
            _count = 0;
            return true;
        }
    }
}
