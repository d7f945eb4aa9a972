namespace JwksAuth;

/// <summary>All signing keys of an issuer at one moment, with the two durations that their life cycle is bound to.</summary>
public sealed record JwksStoredKeys
{
    /// <summary>No keys, and the default durations.</summary>
    public static JwksStoredKeys Empty { get; } = new();

    /// <summary>Counts the changes. 0 before the first.</summary>
    public long Version { get; init; }

    /// <summary>How long readers may keep the published set (<c>max-age</c>): a key signs only after it was published for longer. Default 5 minutes.</summary>
    public TimeSpan MaximumAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The longest lifetime of a token: a key that ceased to sign is published for as long. Default 1 hour.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The keys, oldest first.</summary>
    public IReadOnlyList<JwksStoredKey> Keys { get; init; } = [];
}
