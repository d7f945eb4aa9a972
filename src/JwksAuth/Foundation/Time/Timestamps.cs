namespace JwksAuth.Foundation.Time;

internal static class Timestamps
{
    /// <summary>The timestamp that is <paramref name="elapsed"/> earlier than another.</summary>
    public static long TimestampBefore(this TimeProvider time, long timestamp, TimeSpan elapsed) =>
        timestamp - (long)(elapsed.TotalSeconds * time.TimestampFrequency);
}
