using JwksAuth.Foundation.Json;

namespace JwksAuth.Operations.Status.Report;

/// <summary>The status as JSON. Durations are in seconds, times are ISO 8601 in UTC, and enumeration values are lower snake case.</summary>
internal sealed record StatusDocument(
    string Instance, IReadOnlyList<SchemeDocument> Schemes, KeyRingReport? KeyRing, IReadOnlyList<SourceDocument> Sources,
    IReadOnlyList<EndpointDocument> Endpoints)
{
    public static StatusDocument Of(StatusReport report) => new(
        report.Instance,
        [.. report.Schemes.Select(scheme => new SchemeDocument(
            scheme.Scheme, scheme.Faults.Count == 0, scheme.Faults, KeyDocument.Of(scheme.FixedKeys), scheme.RefusedTokens))],
        report.KeyRing,
        [.. report.Sources.Select(SourceDocument.Of)],
        [.. report.Endpoints.Select(endpoint => new EndpointDocument(endpoint.Name, endpoint.Schemes, endpoint.ScopeSets))]);
}

/// <summary>An endpoint that accepts tokens of its schemes with all scopes of one of the sets.</summary>
internal sealed record EndpointDocument(string Name, IReadOnlyList<string> Schemes, IReadOnlyList<IReadOnlyList<string>> ScopeSets);

internal sealed record SchemeDocument(string Name, bool Configured, IReadOnlyList<string> Faults, IReadOnlyList<KeyDocument> Keys,
    IReadOnlyDictionary<string, long> RefusedTokens);

internal sealed record SourceDocument
{
    public string? Issuer { get; init; }
    public required string Address { get; init; }
    public bool Resolved { get; init; }
    public required string State { get; init; }
    public DateTimeOffset OpenedAt { get; init; }
    public DateTimeOffset ReadAt { get; init; }
    public DateTimeOffset? LastFetch { get; init; }
    public DateTimeOffset? LastGoodFetch { get; init; }
    public DateTimeOffset? FailingSince { get; init; }
    public int FailuresInARow { get; init; }
    public string? LastError { get; init; }
    public double? AgeSeconds { get; init; }
    public double? ExpiresInSeconds { get; init; }
    public double? NextFetchInSeconds { get; init; }
    public double CooldownEndsInSeconds { get; init; }
    public required IReadOnlyList<KeyDocument> Keys { get; init; }
    public required IReadOnlyDictionary<string, int> SkippedKeys { get; init; }
    public required JwksSourceCounters Counters { get; init; }
    public required IReadOnlyList<FetchDocument> Timeline { get; init; }

    public static SourceDocument Of(JwksSourceStatus status) => new()
    {
        Issuer = status.Issuer,
        Address = status.Address,
        Resolved = status.IsResolved,
        State = status.State.ToWord(),
        OpenedAt = status.OpenedAt,
        ReadAt = status.ReadAt,
        LastFetch = status.LastFetch,
        LastGoodFetch = status.LastGoodFetch,
        FailingSince = status.FailingSince,
        FailuresInARow = status.FailuresInARow,
        LastError = status.LastError,
        AgeSeconds = status.Age?.TotalSeconds,
        ExpiresInSeconds = status.ExpiresIn?.TotalSeconds,
        NextFetchInSeconds = status.NextFetchIn?.TotalSeconds,
        CooldownEndsInSeconds = status.CooldownEndsIn.TotalSeconds,
        Keys = KeyDocument.Of(status.Keys),
        SkippedKeys = status.SkippedKeys,
        Counters = status.Counters,
        Timeline = [.. status.Timeline.Select(FetchDocument.Of)],
    };
}

internal sealed record KeyDocument(
    string? Kid, string Kty, IReadOnlyList<string> Algorithms, DateTimeOffset FirstSeen, DateTimeOffset? LastUsed)
{
    public static IReadOnlyList<KeyDocument> Of(IEnumerable<JwksKeyStatus> keys) =>
        [.. keys.Select(key => new KeyDocument(key.KeyId, key.KeyType, key.Algorithms, key.FirstSeen, key.LastUsed))];
}

internal sealed record FetchDocument(
    DateTimeOffset At, double DurationSeconds, string Reason, string Outcome, string? Error, IReadOnlyList<string> Added,
    IReadOnlyList<string> Removed)
{
    public static FetchDocument Of(JwksFetchRecord fetch) => new(
        fetch.At, fetch.Duration.TotalSeconds, fetch.Reason.ToWord(), fetch.Outcome.ToWord(), fetch.Error, fetch.AddedKeyIds,
        fetch.RemovedKeyIds);
}
