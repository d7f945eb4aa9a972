namespace JwksAuth;

/// <summary>A snapshot of an issuer's signing keys, and the two durations of their life cycle.</summary>
public sealed record JwksStoredKeys
{
    /// <summary>No keys, with the default durations.</summary>
    public static JwksStoredKeys Empty { get; } = new();

    /// <summary>The number of changes so far; 0 before the first.</summary>
    public long Version { get; init; }

    /// <summary>How long readers may cache the set (<c>max-age</c>). A new key signs only after this time. Default 5 minutes.</summary>
    public TimeSpan MaximumAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The longest lifetime of a token. A key remains published for this time after it stops signing. Default 1 hour.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The keys, oldest first.</summary>
    public IReadOnlyList<JwksStoredKey> Keys { get; init; } = [];
}
