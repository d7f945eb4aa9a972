namespace JwksAuth.Keys.Remote;

internal sealed class SourceCounters
{
    private readonly long[] _fetches = new long[Enum.GetValues<JwksRefreshOutcome>().Length];
    private readonly long[] _unknownKeys = new long[Enum.GetValues<UnknownKeyDecision>().Length];
    private long _refusedTokens;

    public void Add(JwksRefreshOutcome outcome) => Interlocked.Increment(ref _fetches[(int)outcome]);

    public void Add(UnknownKeyDecision decision) => Interlocked.Increment(ref _unknownKeys[(int)decision]);

    public void AddRefusedToken() => Interlocked.Increment(ref _refusedTokens);

    public JwksSourceCounters Read() => new()
    {
        Changed = Count(JwksRefreshOutcome.Changed),
        NotModified = Count(JwksRefreshOutcome.NotModified),
        Failed = Count(JwksRefreshOutcome.Failed),
        UnknownKeysFetched = Count(UnknownKeyDecision.Fetched),
        UnknownKeysThrottled = Count(UnknownKeyDecision.Throttled),
        UnknownKeysWaited = Count(UnknownKeyDecision.Waited),
        UnknownKeysRefused = Volatile.Read(ref _refusedTokens),
    };

    private long Count(JwksRefreshOutcome outcome) => Volatile.Read(ref _fetches[(int)outcome]);

    private long Count(UnknownKeyDecision decision) => Volatile.Read(ref _unknownKeys[(int)decision]);
}
