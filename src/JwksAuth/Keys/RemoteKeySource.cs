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
    private Task _lastFlight = Task.CompletedTask;
    private JwksFetchReason _flightReason;
    private Task<JwksRefreshResult>? _queuedRefresh;
    private int _clears;
    private bool _disposed;

    public RemoteKeySource(
        KeySourceIdentity identity, KeySourceTuning tuning, KeySetLoader loader, SourceTelemetry telemetry, IFleetEngine? fleet = null, SourceRemains? remains = null)
    {
        Identity = identity;
        _tuning = tuning;
        _loader = loader;
        _time = identity.Time;
        _telemetry = telemetry;
        _window = new FetchWindow(_time);
        _history = new SourceHistory(_time);
        _held = new HeldRequests(_time);
        _names = new HashSet<string>(StringComparer.Ordinal) { identity.Name };
        if (remains is not null)
            Restore(remains);

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

        // Keys without a kid are replaced without any other sign than a token that none of them verifies.
        if (!query.HasKeyId)
        {
            var missing = snapshot.Set.MayChangeUnnamed ? KeyLookup.FetchNeeded(snapshot.Set) : KeyLookup.Unknown(snapshot.Set);
            return KeyLookup.FoundOr(missing, snapshot.Set.FindUnnamed(query), snapshot.Set) with
            {
                MayBeOutdated = !snapshot.Set.FindWithoutKeyId(query.Algorithm).IsEmpty,
            };
        }

        // A kid that is there but does not fit the algorithm may have got a twin that does: the issuer is asked as for any unknown key.
        return KeyLookup.FoundOr(KeyLookup.FetchNeeded(snapshot.Set), snapshot.Set.Find(query.KeyId, query.Algorithm), snapshot.Set);
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
        NoticeUse();
        _snapshot = null;
        _metadata = null;
        _clears++;
        _window.Reset();
        _held.Release();
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            _snapshot = null;
        }

        _telemetry.Dispose();
        _held.Dispose();
        await _timer.DisposeAsync();
        await _stopping.CancelAsync();
        await CurrentFetch;
        await CurrentSharing;
        if (_fleet is not null)
            await _fleet.DisposeAsync();
        _stopping.Dispose();
    }

    private bool IsFresh(KeySnapshot snapshot) =>
        _tuning.MaximumAge is not { } maximumAge || _time.GetElapsedTime(snapshot.ConfirmedAt) < maximumAge;

    private KeySetReading? ReadGauges() => _snapshot is { } snapshot ? snapshot.Read(IsFresh(snapshot), _time) : NeedsKeys ? default(KeySetReading) : null;
}
