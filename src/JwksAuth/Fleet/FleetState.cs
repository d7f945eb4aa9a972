namespace JwksAuth.Fleet;

/// <param name="Version">The number of its fetch; later fetches have larger numbers. Zero if there is nothing yet.</param>
/// <param name="Document">The answer, written by <see cref="SharedDocument"/>; null after a withdrawal.</param>
/// <param name="IsUnderWay">Whether a replica is fetching.</param>
internal sealed record FleetState(long Version, TimeSpan Age, byte[]? Document, bool IsUnderWay)
{
    public static FleetState Nothing { get; } = new(0, TimeSpan.Zero, null, IsUnderWay: false);
}

/// <param name="Version">The number of the granted fetch; null if refused.</param>
/// <param name="OpensIn">When to ask again; zero if granted, or if there is a later version to read first.</param>
/// <param name="IsUnderWay">Whether another replica's fetch is the reason for the refusal.</param>
internal sealed record FleetClaim(long? Version, TimeSpan OpensIn, bool IsUnderWay)
{
    public static FleetClaim Granted(long version) => new(version, TimeSpan.Zero, IsUnderWay: false);

    public static FleetClaim Outdated { get; } = new(null, TimeSpan.Zero, IsUnderWay: false);

    public static FleetClaim Refused(TimeSpan opensIn, bool isUnderWay) => new(null, opensIn, isUnderWay);
}
