using JwksAuth.Keys;

namespace JwksAuth;

/// <summary>The result of refreshing one key source.</summary>
public sealed class JwksRefreshResult
{
    /// <summary>The issuer of the keys; null if only the address is configured.</summary>
    public string? Issuer { get; init; }

    /// <summary>The configured address of the JWKS or the metadata document, without query values.</summary>
    public required string Address { get; init; }

    /// <summary>The outcome of the refresh.</summary>
    public JwksRefreshOutcome Outcome { get; init; }

    /// <summary>The new kids. Keys without a kid are not listed. Text from the issuer: escape it before display.</summary>
    public IReadOnlyList<string> AddedKeyIds { get; init; } = [];

    /// <summary>The removed kids; their tokens are now rejected.</summary>
    public IReadOnlyList<string> RemovedKeyIds { get; init; } = [];

    /// <summary>The unchanged kids.</summary>
    public IReadOnlyList<string> KeptKeyIds { get; init; } = [];

    /// <summary>Why the refresh failed, with the issuer's text escaped and truncated; null if it did not fail.</summary>
    public string? Error { get; init; }

    internal static JwksRefreshResult Failed(KeySourceIdentity identity, string? error) =>
        new() { Issuer = identity.Issuer, Address = identity.ShownAddress, Outcome = JwksRefreshOutcome.Failed, Error = error };

    internal static JwksRefreshResult Succeeded(KeySourceIdentity identity, KeySet? before, KeySet after)
    {
        var old = KeyIds(before);
        var current = KeyIds(after);
        var isSame = before is not null && before.Keys.Count == after.Keys.Count && after.Keys.All(before.Contains);
        return new JwksRefreshResult
        {
            Issuer = identity.Issuer,
            Address = identity.ShownAddress,
            Outcome = isSame ? JwksRefreshOutcome.NotModified : JwksRefreshOutcome.Changed,
            AddedKeyIds = [.. current.Except(old)],
            RemovedKeyIds = [.. old.Except(current)],
            KeptKeyIds = [.. current.Intersect(old)],
        };
    }

    private static string[] KeyIds(KeySet? set) =>
        [.. (set ?? KeySet.Empty).Keys.Select(key => key.KeyId).OfType<string>().Distinct(StringComparer.Ordinal)];
}
