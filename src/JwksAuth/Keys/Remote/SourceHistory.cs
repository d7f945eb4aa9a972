using JwksAuth.Foundation.Json;
using JwksAuth.Keys.Reading;
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Keys.Remote;

/// <summary>The history of a source, for its schedule and for operators. Guarded by its owner's lock.</summary>
internal sealed class SourceHistory(TimeProvider time)
{
    private readonly FetchTimeline _timeline = new();
    private readonly DateTimeOffset _openedAt = time.GetUtcNow();
    private long _fetchCount;
    private DateTimeOffset? _lastFetch;
    private DateTimeOffset? _lastGoodFetch;
    private DateTimeOffset? _failingSince;
    private string? _lastError;

    public int FailuresInARow { get; private set; }

    public void Record(JwksFetchReason reason, JwksRefreshResult result, TimeSpan duration)
    {
        var now = time.GetUtcNow();
        _fetchCount++;
        _lastFetch = now;
        _lastError = result.Error;
        _timeline.Add(reason, result, duration, now);
        if (result.Outcome == JwksRefreshOutcome.Failed)
        {
            FailuresInARow++;
            _failingSince ??= now;
            return;
        }

        FailuresInARow = 0;
        _failingSince = null;
        _lastGoodFetch = now;
    }

    /// <summary>Records a successful fetch by another replica, which does not count as a fetch of this one.</summary>
    public void RecordShared(TimeSpan age)
    {
        FailuresInARow = 0;
        _failingSince = null;
        _lastError = null;
        _lastGoodFetch = time.GetUtcNow() - age;
    }

    public JwksSourceStatus Describe(
        KeySourceIdentity identity,
        KeySnapshot? snapshot,
        MetadataDocument? metadataAlone,
        string? metadataIssuer,
        KeySourceTuning tuning,
        TimeSpan cooldown,
        TimeSpan? nextFetchIn,
        SourceTelemetry telemetry)
    {
        var confirmedAt = snapshot?.ConfirmedAt ?? metadataAlone?.RetrievedAt;
        TimeSpan? age = confirmedAt is { } since ? time.GetElapsedTime(since) : null;
        var maximumAge = snapshot is null ? null : tuning.MaximumAge;
        return new()
        {
            Issuer = identity.Issuer ?? metadataIssuer,
            Address = identity.ShownAddress,
            IsResolved = telemetry.IsResolved,
            IsMetadataAlone = snapshot is null && metadataAlone is not null,
            State = StateOf(age, maximumAge),
            Keys = [.. (snapshot?.Set ?? KeySet.Empty).Keys.Select(key => key.Describe())],
            SkippedKeys = CountByReason(snapshot?.Document.Skipped ?? []),
            ReadAt = time.GetUtcNow(),
            OpenedAt = _openedAt,
            LastFetch = _lastFetch,
            LastGoodFetch = _lastGoodFetch,
            FailingSince = _failingSince,
            Age = age,
            ExpiresIn = maximumAge is { } maximum && age is { } elapsed ? Max(maximum - elapsed, TimeSpan.Zero) : null,
            NextFetchIn = nextFetchIn,
            CooldownEndsIn = cooldown,
            FailuresInARow = FailuresInARow,
            LastError = _lastError,
            FetchCount = _fetchCount,
            Counters = telemetry.ReadCounters(),
            Timeline = _timeline.Records,
        };
    }

    private JwksSourceState StateOf(TimeSpan? age, TimeSpan? maximumAge) => age switch
    {
        null => JwksSourceState.NotLoaded,
        _ when age >= maximumAge => JwksSourceState.Expired,
        _ => FailuresInARow == 0 ? JwksSourceState.Fresh : JwksSourceState.Stale,
    };

    private static Dictionary<string, int> CountByReason(IReadOnlyList<SkippedKey> skipped) =>
        skipped.GroupBy(key => key.Reason).ToDictionary(group => group.Key.ToWord(), group => group.Count(), StringComparer.Ordinal);

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
