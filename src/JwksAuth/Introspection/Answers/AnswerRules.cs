namespace JwksAuth.Introspection.Answers;

/// <summary>The rules that an active answer must meet before its token is accepted.</summary>
internal sealed record AnswerRules
{
    /// <summary>The scheme, as the type of the identities that it makes.</summary>
    public required string Scheme { get; init; }

    public required TimeProvider Time { get; init; }

    public required TimeSpan ClockSkew { get; init; }

    /// <summary>The accepted audiences; null accepts any and none.</summary>
    public required string[]? Audiences { get; init; }

    /// <summary>Whether a token passes of which the answer says neither audience nor type.</summary>
    public required bool AcceptsUndescribed { get; init; }

    /// <summary>The member that names the service provider; null asks for none.</summary>
    public required string? ServiceProviderClaim { get; init; }

    /// <summary>The scopes of which one is enough; empty asks for none.</summary>
    public required string[] RequiredScopes { get; init; }

    public required string NameClaimType { get; init; }

    public required string RoleClaimType { get; init; }
}
