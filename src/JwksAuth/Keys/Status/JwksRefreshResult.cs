
using JwksAuth.Access.Callers;
using JwksAuth.Keys;

namespace JwksAuth;

/// <summary>The outcome of refreshing one source of keys.</summary>
public sealed class JwksRefreshResult
{
    /// <summary>The issuer whose keys these are; null when only the address is configured.</summary>
    public string? Issuer { get; init; }

    /// <summary>The configured address, the <c>jwks_uri</c> or the metadata document, without the values of its query.</summary>
    public required string Address { get; init; }

    /// <summary>What the refresh found.</summary>
    public JwksRefreshOutcome Outcome { get; init; }

    /// <summary>The kids that are new. Keys without a kid are not listed. Text from the issuer: escape it before showing it.</summary>
    public IReadOnlyList<string> AddedKeyIds { get; init; } = [];

    /// <summary>The kids that are gone: their tokens are refused from now on.</summary>
    public IReadOnlyList<string> RemovedKeyIds { get; init; } = [];

    /// <summary>The kids that were known and still are.</summary>
    public IReadOnlyList<string> KeptKeyIds { get; init; } = [];

    /// <summary>Why the refresh failed; what the issuer wrote is escaped and cut in it; null if it did not fail.</summary>
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
