namespace JwksAuth;

/// <summary>A key in use.</summary>
public sealed class JwksKeyStatus
{
    /// <summary>The kid; null if the key has none. Text from the issuer: escape it before showing it.</summary>
    public string? KeyId { get; init; }

    /// <summary>The <c>kty</c>: <c>RSA</c> or <c>EC</c>.</summary>
    public required string KeyType { get; init; }

    /// <summary>The algorithms that the key may verify.</summary>
    public IReadOnlyList<string> Algorithms { get; init; } = [];

    /// <summary>When this process first read the key, in UTC.</summary>
    public DateTimeOffset FirstSeen { get; init; }

    /// <summary>When the key last verified a token here, in UTC; null if never.</summary>
    public DateTimeOffset? LastUsed { get; init; }
}
