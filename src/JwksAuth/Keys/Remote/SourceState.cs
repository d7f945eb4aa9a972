using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Keys.Remote;

/// <summary>
/// The state of one remote source, and the only class that takes its lock. Readers see the current snapshot and metadata without it. Whatever
/// changes together changes in one <see cref="Step"/>, which alone gives access to what the lock guards.
/// </summary>
internal sealed class SourceState : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly FetchCooldown _cooldown;
    private readonly FetchSchedule _schedule;
    private readonly SourceHistory _history;
    private readonly IssuerMetadata _metadata = new();
    private readonly SharedVersions _shared = new();
    private volatile KeySourceTuning _tuning;
    private volatile KeySnapshot? _snapshot;
    private volatile bool _needsKeys = true;
    private volatile Task _lastFetch = Task.CompletedTask;
    private Task<JwksRefreshResult>? _fetch;
    private DateTimeOffset? _lastUse;
    private long? _verifiedAt;
    private int _clears;
    private bool _isClosed;

    public SourceState(KeySourceIdentity identity, KeySourceTuning tuning, SourceRemains? remains, Action onDue)
    {
        Identity = identity;
        _tuning = tuning;
        _time = identity.Time;
        _cooldown = new FetchCooldown(_time);
        _schedule = new FetchSchedule(_time, onDue);
        _history = new SourceHistory(_time);
        Requests = new WaitingRequests(_time);
        if (remains is null)
            return;
        _cooldown.Defer(remains.Remaining - _time.GetElapsedTime(remains.LeftAt));
        _snapshot = remains.Snapshot;
        if (remains.Metadata is { } metadata)
            _metadata.Take(metadata);
    }

    public KeySourceIdentity Identity { get; }

    public WaitingRequests Requests { get; }

    public KeySourceTuning Tuning => _tuning;

    public KeySnapshot? Snapshot => _snapshot;

    /// <summary>The snapshot, if its keys are not too old to be used.</summary>
    public KeySnapshot? Usable => _snapshot is { } snapshot && IsYoung(snapshot.ConfirmedAt) ? snapshot : null;

    public MetadataDocument? Metadata => _metadata.Current;

    /// <summary>Whether anybody who uses the source needs its keys: where only its metadata is of interest, no key set is fetched.</summary>
    public bool NeedsKeys
    {
        get => _needsKeys;
        set => _needsKeys = value;
    }

    public bool IsLoaded => _snapshot is not null || (!NeedsKeys && Metadata is not null);

    public bool IsIssuerConfirmed => Identity.JwksUri is not null || Metadata is not null;

    /// <summary>Whether this replica is withdrawing keys from the fleet. Until that is done, it works alone.</summary>
    public bool IsWithdrawing => _shared.IsWithdrawing;

    /// <summary>Whether the rules of this replica refuse what the fleet has.</summary>
    public bool HasRefusedShared => _shared.HasRefused;

    /// <summary>The last fetch that was started; completed when its outcome is in force and reported.</summary>
    public Task LastFetch => _lastFetch;

    /// <summary>The monotonic time at which it was last noticed that a key of the source had verified something; null if none ever has.</summary>
    public long? VerifiedAt
    {
        get
        {
            using var step = Enter();
            step.NoticeUse();
            return _verifiedAt;
        }
    }

    /// <summary>Takes the lock until the step is disposed.</summary>
    public Step Enter() => new(this);

    public KeyLookup Find(KeyQuery query) => _snapshot is { } snapshot
        ? IsYoung(snapshot.ConfirmedAt) ? snapshot.Find(query) : KeyLookup.FetchNeeded(snapshot.Set)
        : KeyLookup.FetchNeeded(null);

    /// <summary>Whether no fetch is needed: there is the key that a token waits for or, where none does, the keys need no renewal yet.</summary>
    public bool Answers(KeyFetch? wanted) => !_metadata.IsSuspect && (wanted is { } fetch
        ? Find(fetch.ToQuery()) is { Status: KeyLookupStatus.Found } found && fetch.IsAnsweredBy(found)
        : _snapshot is { } snapshot
            && !RefreshSchedule.IsDue(_tuning.RefreshInterval, snapshot.FreshFor, _time.GetElapsedTime(snapshot.ConfirmedAt)));

    /// <summary>Whether keys that the issuer was known to publish at this time may still be used.</summary>
    public bool IsYoung(long timestamp) => _tuning.MaximumAge is not { } maximumAge || _time.GetElapsedTime(timestamp) < maximumAge;

    /// <summary>What the gauges show; null where nobody needs keys.</summary>
    public KeySetReading? Read() => _snapshot is { } snapshot
        ? new KeySetReading(IsYoung(snapshot.ConfirmedAt) ? snapshot.Set.Keys.Count : 0, _time.GetElapsedTime(snapshot.ConfirmedAt))
        : NeedsKeys ? default(KeySetReading) : null;

    public JwksSourceStatus Describe(SourceTelemetry telemetry)
    {
        using var step = Enter();
        return _history.Describe(
            Identity, _snapshot, NeedsKeys ? null : Metadata, Metadata?.Issuer, _tuning, step.CooldownRemaining, _schedule.NextIn, telemetry);
    }

    public void TakeMetadata(MetadataDocument metadata, int clears)
    {
        using var step = Enter();
        if (!_isClosed && clears == _clears)
            _metadata.Take(metadata);
    }

    /// <summary>Whether what another replica has fetched is news and not too old to be used.</summary>
    public bool Wants(long version, SharedTime begunAt, out KeySetDocument? known)
    {
        using var step = Enter();
        known = _snapshot?.Document;
        return step.IsNews(version, begunAt) && IsYoung(begunAt.Earliest);
    }

    /// <summary>Puts in force what another replica has fetched; null if it is no news any more.</summary>
    public JwksRefreshResult? TakeShared(KeySetLoad load, long version, SharedTime begunAt, TimeSpan age)
    {
        using var step = Enter();
        if (!step.IsNews(version, begunAt))
            return null;
        _shared.Refuse(load.Document is null ? version : null);
        var result = step.Apply(load, _snapshot, begunAt.Earliest, begunAt.Earliest, version);
        if (load.Document is null)
            return result;
        _history.RecordShared(age);
        _schedule.ByAge(_snapshot!, _tuning.RefreshInterval);
        return result;
    }

    /// <summary>Forgets the keys that another replica has withdrawn; true if there were any.</summary>
    public bool TakeWithdrawal(long version, SharedTime withdrawnAt)
    {
        using var step = Enter();

        // A withdrawal of our own has been done here already.
        if (_shared.IsWithdrawing || !step.IsNews(version, withdrawnAt))
            return false;
        _shared.Withdraw(version);
        var isLoss = _snapshot is not null;
        step.Clear();
        return isLoss;
    }

    /// <summary>Takes part in the fleet again after a withdrawal of our own.</summary>
    /// <param name="version">The number of the withdrawal; null if the fleet was not told.</param>
    public void EndWithdrawal(long? version)
    {
        using var step = Enter();
        _shared.EndWithdrawal(version);
    }

    public ValueTask DisposeAsync()
    {
        Requests.Dispose();
        return _schedule.DisposeAsync();
    }

    /// <summary>One change of the state, under the lock.</summary>
    public readonly ref struct Step(SourceState state)
    {
        private readonly Lock.Scope _scope = state._lock.EnterScope();

        public bool IsClosed => state._isClosed;

        /// <summary>The fetch under way; null if there is none.</summary>
        public Task<JwksRefreshResult>? Fetch => state._fetch;

        /// <summary>How often the keys were cleared: an answer to a question from before may be what led to that.</summary>
        public int Clears => state._clears;

        public FetchCooldown Cooldown => state._cooldown;

        public TimeSpan CooldownRemaining => state._cooldown.RemainingOf(state._tuning.Window);

        public FetchSchedule Schedule => state._schedule;

        public SourceHistory History => state._history;

        public IssuerMetadata Metadata => state._metadata;

        public SharedVersions Shared => state._shared;

        /// <summary>Whether a source that has no keys waits for a token to make a fetch, or makes its own.</summary>
        public bool MayFetchByItself => state._schedule.MayFetch(state._snapshot is not null);

        public Task<JwksRefreshResult> BeginFetch(Task<JwksRefreshResult> fetch)
        {
            state._lastFetch = state._fetch = fetch;
            return fetch;
        }

        public void EndFetch() => state._fetch = null;

        public void Tune(KeySourceTuning tuning) => state._tuning = tuning;

        public bool IsNews(long version, SharedTime begunAt) => !state._isClosed && state._shared.IsNews(version, begunAt, state._snapshot);

        /// <summary>Puts a good answer in force.</summary>
        /// <param name="load">The answer.</param>
        /// <param name="before">The snapshot that its fetch started from.</param>
        /// <param name="begunAt">When the fetch began.</param>
        /// <param name="confirmedAt">When the issuer was known to publish these keys.</param>
        /// <param name="version">The fleet's number of the fetch; null if it was made alone.</param>
        public JwksRefreshResult Apply(KeySetLoad load, KeySnapshot? before, long begunAt, long confirmedAt, long? version)
        {
            if (load.Metadata is { } metadata)
                state._metadata.Take(metadata);
            if (load.Failure is not null)
                return JwksRefreshResult.Failed(state.Identity, load.Error);
            if (load.Document is not { } document)
                return JwksRefreshResult.Succeeded(state.Identity, KeySet.Empty, KeySet.Empty);

            // Another replica's later fetch may have arrived while ours was under way.
            if (state._snapshot is { } current && !ReferenceEquals(current, before) && current.IsLaterThan(begunAt, version))
                return JwksRefreshResult.Succeeded(state.Identity, before?.Set, current.Set);

            NoticeUse();
            state._snapshot = new KeySnapshot(document, begunAt, confirmedAt, load.FreshFor, version);
            if (!ReferenceEquals(before?.Set, document.Set))
                state.Requests.Release();
            return JwksRefreshResult.Succeeded(state.Identity, before?.Set, document.Set);
        }

        /// <summary>Forgets the keys, and ends the cooldown: the next token fetches. What a fetch under way brings is forgotten too.</summary>
        public void Clear()
        {
            NoticeUse();
            state._snapshot = null;
            state._metadata.Clear();
            state._clears++;
            state._cooldown.Reset();
            state.Requests.Release();
        }

        /// <summary>Looks whether a key has verified something, as has to be done before keys are replaced.</summary>
        public void NoticeUse()
        {
            // Uses are dates by the wall clock, which may be moved: that one differs from the one before says enough.
            var latest = (state._snapshot?.Set ?? KeySet.Empty).Keys.Max(key => key.LastUsed);
            if (latest is null || latest == state._lastUse)
                return;
            state._lastUse = latest;
            state._verifiedAt = state._time.GetTimestamp();
        }

        public void Close()
        {
            state._isClosed = true;
            state._snapshot = null;
        }

        public void Dispose() => _scope.Dispose();
    }
}
