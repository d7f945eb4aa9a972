namespace JwksAuth.Introspection.Answers;

internal sealed record AnswerRules
{
    public required string Scheme { get; init; }

    public required TimeProvider Time { get; init; }

    public required TimeSpan ClockSkew { get; init; }

    /// <summary>The accepted audiences; null accepts any or none.</summary>
    public required string[]? Audiences { get; init; }

    public required bool AcceptsUndescribed { get; init; }

    /// <summary>The member with the service provider; null requires none.</summary>
    public required string? ServiceProviderClaim { get; init; }

    /// <summary>The scopes, one of which is required; empty requires none.</summary>
    public required string[] RequiredScopes { get; init; }

    public required string NameClaimType { get; init; }

    public required string RoleClaimType { get; init; }
}
