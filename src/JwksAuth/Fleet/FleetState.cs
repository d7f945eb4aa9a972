namespace JwksAuth.Fleet;

/// <summary>What the fleet holds about a source.</summary>
/// <param name="Version">The number of the fetch that it is from: a later fetch has a larger one. Zero if there is nothing yet.</param>
/// <param name="Age">The time since that fetch began, by the engine's clock.</param>
/// <param name="Document">The answer, as <see cref="SharedDocument"/> wrote it; null if it was withdrawn.</param>
/// <param name="IsUnderWay">Whether a replica is fetching right now.</param>
internal sealed record FleetState(long Version, TimeSpan Age, byte[]? Document, bool IsUnderWay)
{
    public static FleetState Nothing { get; } = new(0, TimeSpan.Zero, null, IsUnderWay: false);
}

/// <summary>The answer to a replica that wants to fetch.</summary>
/// <param name="Version">The number of the fetch that it may make now; null if it may not.</param>
/// <param name="OpensIn">When to ask again; zero if the fetch was granted, and if there is a later version to look at first.</param>
/// <param name="IsUnderWay">Whether it was refused because another replica is fetching right now.</param>
internal sealed record FleetClaim(long? Version, TimeSpan OpensIn, bool IsUnderWay)
{
    public static FleetClaim Granted(long version) => new(version, TimeSpan.Zero, IsUnderWay: false);

    /// <summary>There is a later version than the one that the replica has seen.</summary>
    public static FleetClaim Outdated { get; } = new(null, TimeSpan.Zero, IsUnderWay: false);

    public static FleetClaim Refused(TimeSpan opensIn, bool isUnderWay) => new(null, opensIn, isUnderWay);
}
