namespace JwksAuth;

/// <summary>A signing key as it is stored.</summary>
public sealed record JwksStoredKey
{
    /// <summary>The <c>kid</c> that it is published under. Unique in its store.</summary>
    public required string KeyId { get; init; }

    /// <summary>Where it is in its life.</summary>
    public required JwksSigningKeyState State { get; init; }

    /// <summary>The only JWS algorithm that it signs with, published as its <c>alg</c> (RFC 7518 section 3.1).</summary>
    public required string Algorithm { get; init; }

    /// <summary>
    /// The private key as PEM text (RFC 7468), with its certificates if it has any: those are published as <c>x5c</c>. Null for a revoked key, and for
    /// no other.
    /// </summary>
    public string? Pem { get; init; }

    /// <summary>When it was stored, which is when it was published.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it began to sign; null if it never did.</summary>
    public DateTimeOffset? PromotedAt { get; init; }

    /// <summary>When it ceased to sign because another took over; null if it did not.</summary>
    public DateTimeOffset? RetiredAt { get; init; }

    /// <summary>When it was revoked; null if it was not.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>The kid and the state, and nothing of the key.</summary>
    public override string ToString() => $"{KeyId} ({State})";
}
