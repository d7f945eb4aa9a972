namespace JwksAuth.Fuzzing;

/// <summary>A clock that does not advance, so that an input has the same result in every run.</summary>
internal sealed class FixedTime : TimeProvider
{
    /// <summary>The start of the year 2030, in seconds since the epoch.</summary>
    public const long Now = 1_893_456_000;

    public static FixedTime Instance { get; } = new();

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(Now);

    public override long GetTimestamp() => 0;
}
