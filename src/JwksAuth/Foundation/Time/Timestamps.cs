namespace JwksAuth.Foundation.Time;

/// <summary>Arithmetic on monotonic timestamps.</summary>
internal static class Timestamps
{
    /// <summary>The timestamp that lies so long before another.</summary>
    public static long TimestampBefore(this TimeProvider time, long timestamp, TimeSpan elapsed) =>
        timestamp - (long)(elapsed.TotalSeconds * time.TimestampFrequency);
}
