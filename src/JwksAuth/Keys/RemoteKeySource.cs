using JwksAuth.Diagnostics;
using JwksAuth.Keys.Retrieval;
using JwksAuth.Keys.Sharing;

namespace JwksAuth.Keys;

/// <summary>
/// The keys of one remote JWKS: one immutable set, one fetch at a time, one window, one timer. Readers take the current
/// snapshot without a lock; everything that decides about fetching happens under the gate.
/// </summary>
internal sealed partial class RemoteKeySource : IKeySource, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly KeySetLoader _loader;
    private readonly TimeProvider _time;
    private readonly SourceTelemetry _telemetry;
    private readonly FetchWindow _window;
    private readonly ITimer _timer;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SourceHistory _history;
    private readonly HeldRequests _held;

    private volatile KeySourceTuning _tuning;
    private volatile KeySnapshot? _snapshot;
    private Task<JwksRefreshResult>? _flight;
    private Task<JwksRefreshResult>? _queuedRefresh;
    private Func<bool>? _tryRetire;
    private int _clears;
    private bool _disposed;

    public RemoteKeySource(
        KeySourceIdentity identity, KeySourceTuning tuning, KeySetLoader loader, SourceTelemetry telemetry, IFleetEngine? fleet = null)
    {
        Identity = identity;
        _tuning = tuning;
        _loader = loader;
        _time = identity.Time;
        _telemetry = telemetry;
        _window = new FetchWindow(_time);
        _history = new SourceHistory(_time);
        _held = new HeldRequests(_time);

        // Neither the timer nor a fetch may carry the context of the request that happened to start it.
        using (ExecutionContext.SuppressFlow())
            _timer = _time.CreateTimer(_ => StartScheduledFetch(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _telemetry.Observe(ReadGauges);
        if (fleet is not null)
            _fleet = new FleetSeat(fleet, FleetSourceName.Of(identity), _time, telemetry, OnFleetChange, _stopping.Token);
    }

    public KeySourceIdentity Identity { get; }

    /// <summary>Changes how the source behaves, from now on: a shorter interval brings the next fetch forward, a shorter window lets it open earlier.</summary>
    public void Tune(KeySourceTuning tuning)
    {
        lock (_gate)
        {
            if (_disposed)
                return;

            var before = _tuning;
            _tuning = tuning;
            if (tuning.RefreshInterval < before.RefreshInterval)
                BringForward();
            if (tuning.Window < before.Window)
                _held.Release();
        }
    }

    /// <summary>Lets the source ask, before each background fetch, whether anybody needs it any more.</summary>
    /// <param name="tryRetire">Closes the source and returns true if nobody does.</param>
    /// <param name="after">When to ask for the first time if nothing is ever fetched.</param>
    public void RetireWhen(Func<bool> tryRetire, TimeSpan after)
    {
        lock (_gate)
        {
            _tryRetire = tryRetire;
            _timer.Change(after, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Tells a source that a resolver named that configuration names it too.</summary>
    public void MarkConfigured() => _telemetry.IsResolved = false;

    /// <summary>Judges the issuer that the metadata names.</summary>
    public MetadataNames Names => _loader.Names;

    public bool IsLoaded => _snapshot is not null || (!NeedsKeys && _metadata is not null);

    public IReadOnlyList<VerificationKey> Current => (CurrentSet ?? KeySet.Empty).Keys;

    /// <summary>The current set, whatever its age; null before the first good fetch and after a clear.</summary>
    public KeySet? CurrentSet => _snapshot?.Set;

    public KeyLookup Find(KeyQuery query)
    {
        var snapshot = _snapshot;
        if (snapshot is null || !IsFresh(snapshot))
            return KeyLookup.FetchNeeded(snapshot?.Set);

        if (!query.HasKeyId)
            return KeyLookup.FoundOr(KeyLookup.Unknown(snapshot.Set), snapshot.Set.FindUnnamed(query), snapshot.Set);

        // A kid that is there but does not fit the algorithm may have got a twin that does: the issuer is asked as for any unknown key.
        return KeyLookup.FoundOr(KeyLookup.FetchNeeded(snapshot.Set), snapshot.Set.Find(query.KeyId, query.Algorithm), snapshot.Set);
    }

    public ValueTask<KeyLookup> FetchAsync(KeyFetch fetch, CancellationToken cancellationToken)
    {
        var askedAt = _time.GetTimestamp();
        var isHeld = false;
        var decision = Decide(fetch, fetch.Wait, ref isHeld);

        // Under a flood nearly every answer is "not now": it costs no state machine.
        return decision.Awaited is null ? new(AnswerFromMemory(fetch)) : WaitAsync(fetch, decision, isHeld, askedAt, cancellationToken);
    }

    public bool IsCurrent(VerificationKey key) => _snapshot is { } snapshot && snapshot.Set.Contains(key) && IsFresh(snapshot);

    /// <summary>Starts the first fetch, or joins it. Completes when it is over, whatever came of it.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (IsLoaded || _disposed)
                return Task.CompletedTask;
            return (_flight ?? StartFlight(JwksFetchReason.Start)).WaitAsync(cancellationToken);
        }
    }

    /// <summary>Fetches now, whatever the window says, and completes when the next request would see the outcome.</summary>
    public Task<JwksRefreshResult> RefreshAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            using (ExecutionContext.SuppressFlow())
                _queuedRefresh ??= Task.Run(RefreshAfterCurrentFlightAsync, CancellationToken.None);
            return _queuedRefresh.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Forgets the keys and opens the window: the next token fetches. What a fetch under way brings is forgotten too, and so is what the
    /// fleet holds.
    /// </summary>
    public void Clear()
    {
        lock (_gate)
        {
            if (_disposed)
                return;

            ClearUnderGate();
            if (_fleet is null)
                return;
            _clearedAt = _time.GetTimestamp();
            using (ExecutionContext.SuppressFlow())
                _withdrawal = Task.Run(WithdrawAsync, CancellationToken.None);
        }
    }

    public JwksSourceStatus GetStatus()
    {
        lock (_gate)
            return _history.Describe(Identity, _snapshot, NeedsKeys ? null : _metadata, Metadata?.Issuer, _tuning, _window.RemainingOf(_tuning.Window), _telemetry);
    }

    private void ClearUnderGate()
    {
        _snapshot = null;
        _metadata = null;
        _clears++;
        _window.Reset();
        _held.Release();
    }

    public async ValueTask DisposeAsync()
    {
        Task? flight;
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            _snapshot = null;
            flight = _flight;
        }

        _telemetry.Dispose();
        _held.Dispose();
        await _timer.DisposeAsync();
        await _stopping.CancelAsync();
        if (flight is not null)
            await flight;
        await CurrentSharing;
        if (_fleet is not null)
            await _fleet.DisposeAsync();
        _stopping.Dispose();
    }

    /// <summary>True when a fetch may start now: the source can be dropped without giving away its window.</summary>
    public bool IsWindowOpen
    {
        get
        {
            lock (_gate)
                return _flight is null && _window.RemainingOf(_tuning.Window) == TimeSpan.Zero;
        }
    }

    private async ValueTask<KeyLookup> WaitAsync(
        KeyFetch fetch, Decision decision, bool isHeld, long askedAt, CancellationToken cancellationToken)
    {
        try
        {
            while (decision.Awaited is { } awaited)
            {
                await awaited.WaitAsync(cancellationToken);
                var lookup = Find(fetch.ToQuery());
                if (decision.IsLast || (lookup.Status != KeyLookupStatus.FetchNeeded && !ReferenceEquals(lookup.Set, fetch.Seen)))
                    break;
                fetch = fetch with { Seen = lookup.Set };
                decision = Decide(fetch, fetch.Wait - _time.GetElapsedTime(askedAt), ref isHeld);
            }
        }
        finally
        {
            if (isHeld)
                _held.Leave();
        }

        return AnswerFromMemory(fetch);
    }

    private Decision Decide(KeyFetch fetch, TimeSpan mayWait, ref bool isHeld)
    {
        Decision decision;
        bool isUsable;
        var wasHeld = isHeld;
        lock (_gate)
        {
            isUsable = _snapshot is { } snapshot && IsFresh(snapshot);
            if (_disposed || (isUsable && (fetch.KeepsUsableSet || !ReferenceEquals(_snapshot!.Set, fetch.Seen))))
                return default;

            decision = DecideUnderGate(fetch, mayWait, ref isHeld);
        }

        // Metrics and logs run code of the application, which must not run under the gate.
        if (decision.Reported is { } reported && isUsable && !(wasHeld && isHeld))
            _telemetry.UnknownKey(reported);
        return decision;
    }

    private Decision DecideUnderGate(KeyFetch fetch, TimeSpan mayWait, ref bool isHeld)
    {
        // A fetch under way may have read the issuer before the key was there: who can wait asks once more after it.
        if (_flight is not null)
            return new Decision(_flight, IsLast: fetch.Wait <= TimeSpan.Zero, null);

        var remaining = _window.RemainingOf(_tuning.Window);
        if (remaining == TimeSpan.Zero)
            return new Decision(StartFlight(JwksFetchReason.Token, fetch), IsLast: true, UnknownKeyDecision.Fetched);

        if (remaining > mayWait || !(isHeld || _held.TryEnter()))
            return new Decision(null, IsLast: true, UnknownKeyDecision.Throttled);

        isHeld = true;
        return new Decision(_held.WaitAsync(remaining), IsLast: false, UnknownKeyDecision.Waited);
    }

    private KeyLookup AnswerFromMemory(KeyFetch fetch)
    {
        var lookup = Find(fetch.ToQuery());
        if (lookup.Status != KeyLookupStatus.FetchNeeded)
            return lookup;

        if (_snapshot is not { } snapshot || !IsFresh(snapshot))
            return KeyLookup.Unavailable(RetryAfter());

        _telemetry.UnknownKeyRefused(fetch.KeyId);
        return KeyLookup.Unknown(snapshot.Set);
    }

    private TimeSpan RetryAfter()
    {
        lock (_gate)
            return _history.NextFetchIn() is { } next && next > TimeSpan.FromSeconds(1) ? next : TimeSpan.FromSeconds(1);
    }

    private bool IsFresh(KeySnapshot snapshot) =>
        _tuning.MaximumAge is not { } maximumAge || _time.GetElapsedTime(snapshot.ConfirmedAt) < maximumAge;

    private KeySetReading? ReadGauges() => _snapshot is { } snapshot ? snapshot.Read(IsFresh(snapshot), _time) : NeedsKeys ? default(KeySetReading) : null;

    /// <param name="Awaited">The fetch, or the opening of the window, to wait for; null answers at once.</param>
    /// <param name="IsLast">Whether the asker has its answer after that.</param>
    /// <param name="Reported">What operators are told; null for nothing.</param>
    private readonly record struct Decision(Task? Awaited, bool IsLast, UnknownKeyDecision? Reported);
}
