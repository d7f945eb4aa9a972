using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Keys.Remote;

/// <summary>
/// The state of one remote source. Only this class takes its lock. Readers see the current snapshot and metadata without the lock. A
/// <see cref="Step"/> makes one atomic change, and alone gives access to the guarded state.
/// </summary>
internal sealed class SourceState : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly FetchCooldown _cooldown;
    private readonly BackgroundSchedule _schedule;
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
        _schedule = new BackgroundSchedule(_time, onDue);
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

    /// <summary>The snapshot, unless its keys have expired.</summary>
    public KeySnapshot? Usable => _snapshot is { } snapshot && IsYoung(snapshot.ConfirmedAt) ? snapshot : null;

    public MetadataDocument? Metadata => _metadata.Current;

    /// <summary>Whether any user needs keys; otherwise only metadata is fetched.</summary>
    public bool NeedsKeys
    {
        get => _needsKeys;
        set => _needsKeys = value;
    }

    public bool IsLoaded => _snapshot is not null || (!NeedsKeys && Metadata is not null);

    public bool IsIssuerConfirmed => Identity.JwksUri is not null || Metadata is not null;

    /// <inheritdoc cref="SharedVersions.IsWithdrawing"/>
    public bool IsWithdrawing => _shared.IsWithdrawing;

    /// <inheritdoc cref="SharedVersions.HasRefused"/>
    public bool HasRefusedShared => _shared.HasRefused;

    /// <summary>The last fetch; completed when its result is in use and reported.</summary>
    public Task LastFetch => _lastFetch;

    /// <summary>The monotonic time at which a verification was last noticed; null if there was none.</summary>
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

    public KeyLookupResult Find(KeyQuery query) => _snapshot is { } snapshot
        ? IsYoung(snapshot.ConfirmedAt) ? snapshot.Find(query) : KeyLookupResult.FetchNeeded(snapshot.Set)
        : KeyLookupResult.FetchNeeded(null);

    /// <summary>Whether no fetch is needed: the wanted key is here or, without one, the keys need no renewal yet.</summary>
    public bool Answers(KeyFetch? wanted) => !_metadata.IsSuspect && (wanted is { } fetch
        ? Find(fetch.ToQuery()) is { Status: KeyLookupStatus.Found } found && fetch.IsAnsweredBy(found)
        : _snapshot is { } snapshot
            && !RefreshDelays.IsDue(_tuning.RefreshInterval, snapshot.FreshFor, _time.GetElapsedTime(snapshot.ConfirmedAt)));

    public bool IsYoung(long timestamp) => _tuning.MaximumAge is not { } maximumAge || _time.GetElapsedTime(timestamp) < maximumAge;

    /// <summary>The gauge values; null if no user needs keys.</summary>
    public KeySetReading? Read() => _snapshot is { } snapshot
        ? new KeySetReading(IsYoung(snapshot.ConfirmedAt) ? snapshot.Set.Keys.Count : 0, _time.GetElapsedTime(snapshot.ConfirmedAt))
        : NeedsKeys ? default(KeySetReading) : null;

    public JwksSourceStatus Describe(SourceTelemetry telemetry)
    {
        using var step = Enter();
        return _history.Describe(
            Identity, _snapshot, NeedsKeys ? null : Metadata, Metadata?.Issuer, _tuning,
            step.CooldownRemaining, _schedule.NextIn, telemetry);
    }

    public void TakeMetadata(MetadataDocument metadata, int clears)
    {
        using var step = Enter();
        if (!_isClosed && clears == _clears)
            _metadata.Take(metadata);
    }

    /// <summary>Whether a shared answer is new and has not expired.</summary>
    public bool Wants(long version, long begunAt, out KeySetDocument? known)
    {
        using var step = Enter();
        known = _snapshot?.Document;
        return step.IsNews(version, begunAt) && IsYoung(begunAt);
    }

    /// <summary>Applies a shared answer; null if it is no longer new.</summary>
    public JwksRefreshResult? TakeShared(KeySetLoad load, long version, long begunAt, TimeSpan age)
    {
        using var step = Enter();
        if (!step.IsNews(version, begunAt))
            return null;
        _shared.Refuse(load.Document is null ? version : null);
        var result = step.Apply(load, _snapshot, begunAt, begunAt, version);
        if (load.Document is null)
            return result;
        _history.RecordShared(age);
        _schedule.ByAge(_snapshot!, _tuning.RefreshInterval);
        return result;
    }

    /// <summary>Applies another replica's withdrawal; true if there were keys to forget.</summary>
    public bool TakeWithdrawal(long version, long withdrawnAt)
    {
        using var step = Enter();

        // This replica has already applied its own withdrawal.
        if (_isClosed || _shared.IsWithdrawing || !_shared.IsNewWithdrawal(version, withdrawnAt, _snapshot))
            return false;
        _shared.Withdraw(version);
        var isLoss = _snapshot is not null;
        step.Clear();
        return isLoss;
    }

    /// <summary>Rejoins the fleet after this replica's own withdrawal.</summary>
    /// <param name="version">The number of the withdrawal; null if it did not reach the fleet.</param>
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

        /// <summary>The fetch in progress; null if there is none.</summary>
        public Task<JwksRefreshResult>? Fetch => state._fetch;

        /// <summary>The number of clears; an answer to a request from before a clear may be outdated.</summary>
        public int Clears => state._clears;

        public FetchCooldown Cooldown => state._cooldown;

        public TimeSpan CooldownRemaining => state._cooldown.RemainingOf(state._tuning.Cooldown);

        public BackgroundSchedule Schedule => state._schedule;

        public SourceHistory History => state._history;

        public IssuerMetadata Metadata => state._metadata;

        public SharedVersions Shared => state._shared;

        public bool MayFetchByItself => state._schedule.MayFetch(state._snapshot is not null);

        public Task<JwksRefreshResult> BeginFetch(Task<JwksRefreshResult> fetch)
        {
            state._lastFetch = state._fetch = fetch;
            return fetch;
        }

        public void EndFetch() => state._fetch = null;

        public void Tune(KeySourceTuning tuning) => state._tuning = tuning;

        public bool IsNews(long version, long begunAt) => !state._isClosed && state._shared.IsNews(version, begunAt, state._snapshot);

        /// <param name="version">The fleet's number of the fetch; null if the replica fetched alone.</param>
        public JwksRefreshResult Apply(KeySetLoad load, KeySnapshot? before, long begunAt, long confirmedAt, long? version)
        {
            if (load.Metadata is { } metadata)
                state._metadata.Take(metadata);
            if (load.Failure is not null)
                return JwksRefreshResult.Failed(state.Identity, load.Error);
            if (load.Document is not { } document)
                return JwksRefreshResult.Succeeded(state.Identity, KeySet.Empty, KeySet.Empty);

            // Another replica's later fetch may have arrived during ours.
            if (state._snapshot is { } current && !ReferenceEquals(current, before) && current.IsLaterThan(begunAt, version))
                return JwksRefreshResult.Succeeded(state.Identity, before?.Set, current.Set);

            NoticeUse();
            state._snapshot = new KeySnapshot(document, begunAt, confirmedAt, load.FreshFor, version);
            if (!ReferenceEquals(before?.Set, document.Set))
                state.Requests.Release();
            return JwksRefreshResult.Succeeded(state.Identity, before?.Set, document.Set);
        }

        /// <summary>Clears the keys, discards a fetch in progress, and ends the cooldown: the next token causes a fetch.</summary>
        public void Clear()
        {
            NoticeUse();
            state._snapshot = null;
            state._metadata.Clear();
            state._clears++;
            state._cooldown.Reset();
            state.Requests.Release();
        }

        /// <summary>Notices verifications; called before keys are replaced.</summary>
        public void NoticeUse()
        {
            // LastUsed is wall clock time, which may be changed, so any difference counts.
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
