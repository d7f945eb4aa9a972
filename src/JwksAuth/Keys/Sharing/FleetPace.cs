namespace JwksAuth.Keys.Sharing;

/// <summary>How often a fleet may fetch. Times are counted from the beginning of its last fetch.</summary>
/// <param name="AfterEnd">The least time if that fetch has ended, however it ended.</param>
/// <param name="UnderWay">The least time if it has not: then the replica that makes it is gone.</param>
internal readonly record struct FleetPace(TimeSpan AfterEnd, TimeSpan UnderWay)
{
    /// <summary>Takes the right to fetch in any case.</summary>
    public static FleetPace AtOnce => default;

    public TimeSpan Of(bool isUnderWay) => isUnderWay ? UnderWay : AfterEnd;
}
