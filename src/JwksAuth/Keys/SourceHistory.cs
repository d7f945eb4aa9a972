using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Keys;

/// <summary>What has happened to a source, for its schedule and for operators. Guarded by its owner's lock.</summary>
internal sealed class SourceHistory
{
    private long _fetchCount;
    private DateTimeOffset? _lastFetch;
    private DateTimeOffset? _lastGoodFetch;
    private string? _lastError;
    private (long From, TimeSpan Delay)? _nextFetch;

    public int FailuresInARow { get; private set; }

    public void Record(KeySetLoad load, DateTimeOffset now)
    {
        _fetchCount++;
        _lastFetch = now;
        _lastError = load.Error;
        FailuresInARow = load.Failure is null ? 0 : FailuresInARow + 1;
        if (load.Failure is null)
            _lastGoodFetch = now;
    }

    public void NextFetchAt(TimeProvider time, TimeSpan delay) => _nextFetch = (time.GetTimestamp(), delay);

    public TimeSpan? NextFetchIn(TimeProvider time) => _nextFetch is var (from, delay)
        ? TimeSpan.FromTicks(Math.Max(0, (delay - time.GetElapsedTime(from)).Ticks))
        : null;

    public JwksSourceStatus Describe(
        KeySourceIdentity identity, KeySnapshot? snapshot, bool isFresh, TimeSpan windowOpensIn, TimeProvider time) => new()
        {
            Issuer = identity.Issuer ?? snapshot?.Document.Metadata?.Issuer,
            Address = identity.Address,
            State = snapshot switch
            {
                null => JwksSourceState.NotLoaded,
                _ when !isFresh => JwksSourceState.Expired,
                _ => FailuresInARow == 0 ? JwksSourceState.Fresh : JwksSourceState.Stale,
            },
            Keys = [.. (snapshot?.Set ?? KeySet.Empty).Keys.Select(Describe)],
            LastFetch = _lastFetch,
            LastGoodFetch = _lastGoodFetch,
            Age = snapshot is null ? null : time.GetElapsedTime(snapshot.ConfirmedAt),
            NextFetchIn = NextFetchIn(time),
            WindowOpensIn = windowOpensIn,
            FailuresInARow = FailuresInARow,
            LastError = _lastError,
            FetchCount = _fetchCount,
        };

    private static JwksKeyStatus Describe(VerificationKey key) => new()
    {
        KeyId = key.KeyId,
        KeyType = key.KeyType,
        Algorithms = [.. key.Algorithms.Select(algorithm => algorithm.NameOf())],
        FirstSeen = key.FirstSeen,
        LastUsed = key.LastUsed,
    };
}
