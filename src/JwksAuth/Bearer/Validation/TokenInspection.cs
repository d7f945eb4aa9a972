using JwksAuth.Bearer.Issuers;
using JwksAuth.Keys;

namespace JwksAuth.Bearer.Validation;

internal readonly record struct TokenInspection
{
    public SignatureAlgorithm Algorithm { get; init; }

    /// <summary>The issuer in the token; set only if it must be resolved or confirmed later.</summary>
    public string? Issuer { get; init; }

    /// <summary>The trusted issuer; null if a resolver must find it.</summary>
    public IssuerPlan? Plan { get; init; }

    public KeyLookupResult Keys { get; init; }

    /// <summary>The kid; set only if a fetch may be needed.</summary>
    public string? KeyId { get; init; }

    public bool HasKeyId { get; init; }

    /// <summary>Whether a fetch is needed, because the key or the metadata that names the issuer is unknown.</summary>
    public bool NeedsFetch { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What the token is bound to (<c>cnf</c>), as JSON text; null if it is not bound.</summary>
    public string? Confirmation { get; init; }

    /// <summary>The same inspection with an expiry no later than <paramref name="end"/>.</summary>
    public TokenInspection EndingAt(DateTimeOffset end) => ExpiresAt <= end ? this : this with { ExpiresAt = end };
}
