namespace JwksAuth.Keys.Sharing;

/// <summary>How a flight goes on after the fleet was asked.</summary>
/// <param name="IsOurs">Whether this replica is to ask the issuer.</param>
/// <param name="Version">The number of its fetch; null if it asks alone.</param>
/// <param name="OpensIn">When the fleet's window opens, if that is why no fetch was made.</param>
internal sealed record FleetTurn(bool IsOurs, long? Version = null, TimeSpan? OpensIn = null)
{
    public static FleetTurn Alone { get; } = new(IsOurs: true);

    public static FleetTurn Answered { get; } = new(IsOurs: false);

    public static FleetTurn Ours(long version) => new(IsOurs: true, version);

    public static FleetTurn Others(TimeSpan opensIn) => new(IsOurs: false, OpensIn: opensIn);
}
