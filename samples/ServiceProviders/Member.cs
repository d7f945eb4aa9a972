namespace ServiceProviders;

/// <summary>A user of this application. A subject is unique within issuer and client only: a pairwise one belongs to one client.</summary>
public sealed class Member
{
    public int Id { get; init; }

    public required string Issuer { get; init; }

    public required string ClientId { get; init; }

    public required string Subject { get; init; }

    public required string Name { get; init; }

    public bool IsDisabled { get; set; }
}
