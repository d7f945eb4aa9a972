namespace ServiceProviders;

/// <summary>A team, which belongs to the service provider that created it.</summary>
public sealed class Team
{
    public int Id { get; init; }

    public required string Provider { get; init; }

    public required string Name { get; set; }
}
