using Microsoft.Extensions.Internal;

namespace JwksAuth.Foundation.Time;

/// <summary>A clock for the framework's memory cache that ignores changes of the system time.</summary>
internal sealed class MonotonicClock(TimeProvider time) : ISystemClock
{
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly long _timestamp = time.GetTimestamp();

    public DateTimeOffset UtcNow => _startedAt + time.GetElapsedTime(_timestamp);
}
