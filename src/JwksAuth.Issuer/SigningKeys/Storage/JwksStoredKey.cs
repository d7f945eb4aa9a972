namespace JwksAuth;

/// <summary>A stored signing key.</summary>
public sealed record JwksStoredKey
{
    /// <summary>The published <c>kid</c>, unique in the store.</summary>
    public required string KeyId { get; init; }

    /// <summary>The state of the key in its life cycle.</summary>
    public required JwksSigningKeyState State { get; init; }

    /// <summary>The JWS algorithm of the key, published as <c>alg</c> (RFC 7518 section 3.1).</summary>
    public required string Algorithm { get; init; }

    /// <summary>The private key and any certificates (published as <c>x5c</c>) as PEM; null only for a revoked key.</summary>
    public string? Pem { get; init; }

    /// <summary>When the key was stored, and thereby published.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the key started to sign; null if it never did.</summary>
    public DateTimeOffset? PromotedAt { get; init; }

    /// <summary>When another key replaced it as the current one; null if none did.</summary>
    public DateTimeOffset? RetiredAt { get; init; }

    /// <summary>When the key was revoked; null if it was not.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>The kid and the state, without key material.</summary>
    public override string ToString() => $"{KeyId} ({State})";
}
