using Microsoft.Extensions.Internal;

namespace JwksAuth.Foundation.Time;

/// <summary>Gives the framework's memory cache a clock that a change of the wall clock does not move.</summary>
internal sealed class MonotonicClock(TimeProvider time) : ISystemClock
{
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly long _timestamp = time.GetTimestamp();

    public DateTimeOffset UtcNow => _startedAt + time.GetElapsedTime(_timestamp);
}
