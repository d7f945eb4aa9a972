namespace JwksAuth.Fleet;

/// <summary>When a replica may fetch. Times are counted from the start of the fleet's last fetch that began the cooldown.</summary>
/// <param name="AfterEnd">The least time if that fetch has ended, however it ended.</param>
/// <param name="UnderWay">The least time if a fetch has not ended: then the replica that makes it is gone.</param>
/// <param name="Seen">The latest version that the replica has looked at: if there is a later one, it is to look at that first.</param>
internal readonly record struct ClaimTerms(TimeSpan AfterEnd, TimeSpan UnderWay, long Seen)
{
    /// <summary>Takes the right to fetch in any case.</summary>
    public static ClaimTerms AtOnce { get; } = new(TimeSpan.Zero, TimeSpan.Zero, long.MaxValue);

    public TimeSpan LeastTime(bool isUnderWay) => isUnderWay ? UnderWay : AfterEnd;
}
