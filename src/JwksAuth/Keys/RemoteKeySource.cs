using JwksAuth.Diagnostics;
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Keys;

/// <summary>
/// The keys of one remote JWKS: one immutable set, one fetch at a time, one window, one timer. Readers take the current
/// snapshot without a lock; everything that decides about fetching happens under the gate.
/// </summary>
internal sealed class RemoteKeySource : IKeySource, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly KeySetLoader _loader;
    private readonly TimeProvider _time;
    private readonly SourceTelemetry _telemetry;
    private readonly FetchWindow _window;
    private readonly ITimer _timer;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SourceHistory _history = new();
    private readonly HeldRequests _held;

    private volatile KeySourceTuning _tuning;
    private volatile KeySnapshot? _snapshot;
    private Task<JwksRefreshResult>? _flight;
    private Task<JwksRefreshResult>? _queuedRefresh;
    private bool _disposed;

    public RemoteKeySource(
        KeySourceIdentity identity, KeySourceTuning tuning, KeySetLoader loader, SourceTelemetry telemetry)
    {
        Identity = identity;
        _tuning = tuning;
        _loader = loader;
        _time = identity.Time;
        _telemetry = telemetry;
        _window = new FetchWindow(_time);
        _held = new HeldRequests(_time);

        // Neither the timer nor a fetch may carry the context of the request that happened to start it.
        using (ExecutionContext.SuppressFlow())
            _timer = _time.CreateTimer(_ => StartScheduledFetch(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public KeySourceIdentity Identity { get; }

    public KeySourceTuning Tuning
    {
        get => _tuning;
        set => _tuning = value;
    }

    public string? MetadataIssuer => Metadata?.Issuer;

    /// <summary>The metadata that named the keys, whatever its age; null before the first good fetch, and if the address was configured.</summary>
    public MetadataDocument? Metadata => _snapshot?.Document.Metadata;

    public bool IsLoaded => _snapshot is not null;

    /// <summary>The current set, whatever its age; null before the first good fetch and after a clear.</summary>
    public KeySet? CurrentSet => _snapshot?.Set;

    public KeyLookup Find(KeyQuery query)
    {
        if (_snapshot is not { } snapshot || !IsFresh(snapshot))
            return KeyLookup.FetchNeeded(_snapshot?.Set);

        if (!query.HasKeyId)
            return KeyLookup.FoundOr(KeyLookup.Unknown(snapshot.Set), snapshot.Set.FindAny(query.Algorithm), snapshot.Set);

        // A kid that is there but does not fit the algorithm may have got a twin that does: the issuer is asked as for any unknown key.
        return KeyLookup.FoundOr(KeyLookup.FetchNeeded(snapshot.Set), snapshot.Set.Find(query.KeyId, query.Algorithm), snapshot.Set);
    }

    public async ValueTask<KeyLookup> FetchAsync(KeyFetch fetch, CancellationToken cancellationToken)
    {
        var decision = Decide(fetch, fetch.Wait);
        if (decision.HoldFor is { } delay)
        {
            await _held.HoldAsync(delay, cancellationToken);
            decision = Decide(fetch, TimeSpan.Zero);
        }

        if (decision.Flight is { } flight)
            await flight.WaitAsync(cancellationToken);

        return AnswerFromMemory(fetch);
    }

    public bool IsCurrent(VerificationKey key) => _snapshot is { } snapshot && snapshot.Set.Contains(key) && IsFresh(snapshot);

    /// <summary>Starts the first fetch, or joins it. Completes when it is over, whatever came of it.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_snapshot is not null || _disposed)
                return Task.CompletedTask;
            return (_flight ?? StartFlight(FetchReason.Start)).WaitAsync(cancellationToken);
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

    /// <summary>Forgets the keys and opens the window: the next token fetches.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _snapshot = null;
            _window.Reset();
        }
    }

    public JwksSourceStatus GetStatus()
    {
        lock (_gate)
            return _history.Describe(
                Identity, _snapshot, _snapshot is { } snapshot && IsFresh(snapshot), _window.RemainingOf(_tuning.Window), _time);
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

        await _timer.DisposeAsync();
        await _stopping.CancelAsync();
        if (flight is not null)
            await flight;
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

    private Decision Decide(KeyFetch fetch, TimeSpan mayWait)
    {
        lock (_gate)
        {
            if (_disposed || (_snapshot is { } snapshot && !ReferenceEquals(snapshot.Set, fetch.Seen) && IsFresh(snapshot)))
                return default;

            if (_flight is not null)
                return new Decision(_flight, null);

            var remaining = _window.RemainingOf(_tuning.Window);
            if (remaining == TimeSpan.Zero)
            {
                _telemetry.UnknownKey(UnknownKeyDecision.Fetched, fetch.KeyId);
                return new Decision(StartFlight(FetchReason.Token), null);
            }

            if (remaining <= mayWait && _held.TryEnter())
            {
                _telemetry.UnknownKey(UnknownKeyDecision.Waited, fetch.KeyId);
                return new Decision(null, remaining);
            }

            _telemetry.UnknownKey(UnknownKeyDecision.Throttled, fetch.KeyId);
            return default;
        }
    }

    private KeyLookup AnswerFromMemory(KeyFetch fetch)
    {
        var lookup = Find(fetch.Query);
        if (lookup.Status != KeyLookupStatus.FetchNeeded)
            return lookup;

        return _snapshot is { } snapshot && IsFresh(snapshot) ? KeyLookup.Unknown(snapshot.Set) : KeyLookup.Unavailable(RetryAfter());
    }

    private TimeSpan RetryAfter()
    {
        lock (_gate)
            return _history.NextFetchIn(_time) is { } next && next > TimeSpan.FromSeconds(1) ? next : TimeSpan.FromSeconds(1);
    }

    private bool IsFresh(KeySnapshot snapshot) =>
        _tuning.MaximumAge is not { } maximumAge || _time.GetElapsedTime(snapshot.ConfirmedAt) < maximumAge;

    private void StartScheduledFetch()
    {
        lock (_gate)
        {
            if (_flight is null && !_disposed)
                StartFlight(FetchReason.Schedule);
        }
    }

    private Task<JwksRefreshResult> StartFlight(FetchReason reason)
    {
        _window.Stamp();
        using (ExecutionContext.SuppressFlow())
            return _flight = Task.Run(() => FlyAsync(reason), CancellationToken.None);
    }

    private async Task<JwksRefreshResult> RefreshAfterCurrentFlightAsync()
    {
        while (true)
        {
            Task<JwksRefreshResult> flight;
            var isOurs = false;
            lock (_gate)
            {
                if (_disposed)
                    return JwksRefreshResult.Failed(Identity, "The source is no longer in use.");

                // A fetch under way may have read the issuer before whatever made the operator ask: it does not count.
                if (_flight is null)
                {
                    _queuedRefresh = null;
                    isOurs = true;
                }

                flight = _flight ?? StartFlight(FetchReason.Operator);
            }

            var result = await flight;
            if (isOurs)
                return result;
        }
    }

    private async Task<JwksRefreshResult> FlyAsync(FetchReason reason)
    {
        var before = _snapshot;
        var startedAt = _time.GetTimestamp();
        using var span = _telemetry.FetchStarted(reason);
        var request = new KeySetRequest(
            before?.Document, _tuning.Timeout, BypassCaches: reason == FetchReason.Operator, MetadataIsSuspect: _history.FailuresInARow > 0);
        var load = await _loader.LoadAsync(request, _stopping.Token);

        lock (_gate)
        {
            var result = Apply(load, before);
            _flight = null;
            if (!_disposed)
            {
                _history.Record(load, _time.GetUtcNow());
                Schedule(load);
                Report(span, load, result, _time.GetElapsedTime(startedAt));
            }

            return result;
        }
    }

    private void Report(System.Diagnostics.Activity? span, KeySetLoad load, JwksRefreshResult result, TimeSpan duration)
    {
        _telemetry.FetchCompleted(span, load.Failure?.ToString() ?? result.Outcome.ToString(), load.Error, duration);
        if (result.Outcome == JwksRefreshOutcome.Changed)
            _telemetry.KeysChanged(load.Document!.Set.Keys.Count, result.AddedKeyIds.Count, result.RemovedKeyIds.Count);
        foreach (var skipped in load.Skipped)
            _telemetry.KeySkipped(skipped.KeyId, skipped.Reason.ToString());
    }

    private JwksRefreshResult Apply(KeySetLoad load, KeySnapshot? before)
    {
        if (load.Document is not { } document || _disposed)
            return JwksRefreshResult.Failed(Identity, load.Error);

        _snapshot = new KeySnapshot(document, _time.GetTimestamp());
        return JwksRefreshResult.Succeeded(Identity, before?.Set, document.Set);
    }

    private void Schedule(KeySetLoad load)
    {
        var delay = load.Document is not null
            ? RefreshSchedule.AfterSuccess(_tuning.RefreshInterval, load.FreshFor, Random.Shared.NextDouble())
            : RefreshSchedule.AfterFailure(_history.FailuresInARow, _tuning.Window, hasKeys: _snapshot is not null);
        _history.NextFetchAt(_time, delay);
        _timer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    private readonly record struct Decision(Task<JwksRefreshResult>? Flight, TimeSpan? HoldFor);
}
