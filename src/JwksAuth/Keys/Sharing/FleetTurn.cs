namespace JwksAuth.Keys.Sharing;

/// <summary>How a flight goes on after the fleet was asked.</summary>
/// <param name="IsOurs">Whether this replica is to ask the issuer.</param>
/// <param name="Version">The number of its fetch; null if it asks alone.</param>
/// <param name="OpensIn">When the fleet's window opens, if that is why no fetch was made.</param>
/// <param name="Patience">What is left of the time for waiting on the engine; null if it is not asked again.</param>
internal sealed record FleetTurn(bool IsOurs, long? Version = null, TimeSpan? OpensIn = null, FleetPatience? Patience = null)
{
    public static FleetTurn Alone { get; } = new(IsOurs: true);

    public static FleetTurn Answered { get; } = new(IsOurs: false);

    public static FleetTurn Ours(long version, FleetPatience patience) => new(IsOurs: true, version, Patience: patience);

    public static FleetTurn Others(TimeSpan opensIn) => new(IsOurs: false, OpensIn: opensIn);
}
