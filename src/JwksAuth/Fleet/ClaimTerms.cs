namespace JwksAuth.Fleet;

/// <summary>When a replica may fetch, counted from the start of the fleet's last fetch that started the cooldown.</summary>
/// <param name="UnderWay">The minimum time if it has not ended, after which its replica counts as gone.</param>
/// <param name="Seen">The latest version that the replica has read; a later one must be read first.</param>
internal readonly record struct ClaimTerms(TimeSpan AfterEnd, TimeSpan UnderWay, long Seen)
{
    public static ClaimTerms AtOnce { get; } = new(TimeSpan.Zero, TimeSpan.Zero, long.MaxValue);

    public TimeSpan LeastTime(bool isUnderWay) => isUnderWay ? UnderWay : AfterEnd;
}
