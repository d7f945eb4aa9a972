using System.Collections.Concurrent;
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Keys.Remote;

/// <summary>The keys of one remote JWKS: one immutable set, one fetch at a time, one cooldown, one timer.</summary>
internal sealed class RemoteKeySource : IKeySource, IAsyncDisposable
{
    private const int MostNames = 1000;

    private readonly TimeProvider _time;
    private readonly SourceTelemetry _telemetry;
    private readonly KeyFetcher _fetcher;
    private readonly SourceState _state;
    private readonly bool _isAlone;
    private readonly ConcurrentDictionary<string, byte> _names = new(StringComparer.Ordinal);

    public RemoteKeySource(
        KeySourceIdentity identity, KeySourceTuning tuning, KeySetLoader loader, SourceTelemetry telemetry, IFleet? fleet = null, SourceRemains? remains = null)
    {
        _time = identity.Time;
        _telemetry = telemetry;
        _isAlone = fleet is null;
        Names = loader.Names;
        _fetcher = new KeyFetcher(identity, tuning, loader, telemetry, fleet, remains);
        _state = _fetcher.State;
        _names[identity.Name] = 0;
        _telemetry.Observe(_state.Read);
    }

    public KeySourceIdentity Identity => _state.Identity;

    /// <summary>Judges the issuer that the metadata names.</summary>
    public MetadataNames Names { get; }

    public bool IsLoaded => _state.IsLoaded;

    public IReadOnlyList<VerificationKey> Current => (CurrentSet ?? KeySet.Empty).Keys;

    /// <summary>The current set, whatever its age; null before the first good fetch and after a clear.</summary>
    public KeySet? CurrentSet => _state.Snapshot?.Set;

    public MetadataDocument? Metadata => _state.Metadata;

    public bool NeedsKeys
    {
        get => _state.NeedsKeys;
        set => _state.NeedsKeys = value;
    }

    /// <summary>The last fetch that was started; completed when its outcome is in force and reported.</summary>
    public Task CurrentFetch => _state.LastFetch;

    /// <summary>Whatever is under way because of the fleet and delays no fetch; completed when there is nothing.</summary>
    public Task CurrentSharing => _fetcher.CurrentSharing;

    /// <summary>Whether a key of the source has ever verified anything.</summary>
    public bool HasVerified => VerifiedAt is not null;

    /// <inheritdoc cref="SourceState.VerifiedAt"/>
    public long? VerifiedAt => _state.VerifiedAt;

    public KeyLookup Find(KeyQuery query) => _state.Find(query);

    public bool IsCurrent(VerificationKey key) => _state.Usable is { } usable && usable.Set.Contains(key);

    public JwksSourceStatus GetStatus() => _state.Describe(_telemetry);

    /// <summary>Adds a name that operators may ask for the source by: that of an issuer or client that uses it.</summary>
    public void AddName(string name)
    {
        if (!_names.ContainsKey(name) && _names.Count < MostNames)
            _names.TryAdd(name, 0);
    }

    /// <summary>Whether operators know the source by this name: an issuer, a client, or the address.</summary>
    public bool IsKnownAs(string name) =>
        name == Identity.Address || name == Identity.ShownAddress || name == Metadata?.Issuer || _names.ContainsKey(name);

    /// <summary>Changes how the source behaves: a shorter interval brings the next fetch forward, a shorter window may end the cooldown.</summary>
    public void Tune(KeySourceTuning tuning)
    {
        using var step = _state.Enter();
        if (step.IsClosed)
            return;

        var before = _state.Tuning;
        step.Tune(tuning);
        if (tuning.RefreshInterval < before.RefreshInterval && step.Fetch is null)
            step.Schedule.BringForward(tuning.RefreshInterval);
        if (tuning.Window < before.Window)
            _state.Requests.Release();
    }

    /// <summary>Starts the first fetch, or joins it. Completes when it is over, whatever came of it.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        using var step = _state.Enter();
        return IsLoaded || step.IsClosed
            ? Task.CompletedTask
            : (step.Fetch ?? _fetcher.Start(step, JwksFetchReason.Start)).WaitAsync(cancellationToken);
    }

    /// <summary>Fetches now, even during the cooldown, and completes when the next request would see the outcome.</summary>
    public Task<JwksRefreshResult> RefreshAsync(CancellationToken cancellationToken) => _fetcher.RefreshAsync().WaitAsync(cancellationToken);

    /// <summary>
    /// Forgets the keys and ends the cooldown: the next token fetches. What a fetch under way brings is forgotten too, and so is what the
    /// fleet holds.
    /// </summary>
    public void Clear() => _fetcher.Clear();

    /// <summary>Lets the source ask, before each background fetch, whether anybody needs it any more. Without keys it makes no such fetch.</summary>
    /// <param name="tryRetire">Closes the source and returns true if nobody does.</param>
    public void RetireWhen(Func<bool> tryRetire)
    {
        using var step = _state.Enter();
        step.Schedule.TryRetire = tryRetire;
        if (_state.Snapshot is { } snapshot)
            step.Schedule.ByAge(snapshot, _state.Tuning.RefreshInterval);
        else
            step.Schedule.End();
    }

    /// <summary>Tells a source that was made on the fly that configuration names it too.</summary>
    public void MarkConfigured()
    {
        _telemetry.IsResolved = false;
        using var step = _state.Enter();
        if (step.Schedule.TryRetire is null || step.IsClosed)
            return;
        step.Schedule.TryRetire = null;
        if (step.Fetch is null && _state.Snapshot is null && step.History.FailuresInARow > 0)
            step.Schedule.In(RefreshSchedule.AfterFailedStart(1));
    }

    /// <summary>What is to outlive the source: its cooldown, and until that is over its keys; null if tokens may cause a fetch now.</summary>
    public SourceRemains? Leave()
    {
        // In a fleet the engine keeps the cooldown, and a withdrawal would not reach keys that nobody holds.
        using var step = _state.Enter();
        return _isAlone && step.CooldownRemaining is var remaining && remaining > TimeSpan.Zero
            ? new SourceRemains(_time.GetTimestamp(), remaining, _state.Snapshot, _state.Metadata)
            : null;
    }

    public ValueTask<KeyLookup> FetchAsync(KeyFetch fetch, CancellationToken cancellationToken)
    {
        var request = new WaitingRequest(fetch, _time.GetTimestamp());
        var decision = Decide(ref request);

        // Under a flood nearly every answer is "not now": it costs no state machine.
        return decision.Awaited is null ? new(AnswerFromMemory(fetch)) : WaitAsync(request, decision, cancellationToken);
    }

    /// <summary>The metadata, after a fetch if there is none and one is allowed or under way. Waits for nothing but the metadata.</summary>
    public Task<MetadataDocument?> ReadMetadataAsync(CancellationToken cancellationToken) => ReadMetadataUnlessAsync(null, cancellationToken);

    /// <summary>
    /// Metadata that is newer than the one that proved wrong: read again at once if the cooldown allows a fetch, and with the next fetch if not.
    /// </summary>
    /// <param name="wrong">The metadata that proved wrong.</param>
    /// <param name="cancellationToken">The caller gave up; the fetch itself goes on for the others.</param>
    public Task<MetadataDocument?> ReplaceMetadataAsync(MetadataDocument wrong, CancellationToken cancellationToken) =>
        ReadMetadataUnlessAsync(wrong, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        using (var step = _state.Enter())
        {
            if (step.IsClosed)
                return;
            step.Close();
        }

        _telemetry.Dispose();
        await _state.DisposeAsync();
        await _fetcher.DisposeAsync();
    }

    private async Task<MetadataDocument?> ReadMetadataUnlessAsync(MetadataDocument? seen, CancellationToken cancellationToken)
    {
        // A fetch under way may have read the metadata before it changed, or not at all: after it there is one more chance.
        for (var isJoined = false; ; isJoined = true)
        {
            Task fetchOrChange;
            bool isOurs;
            using (var step = _state.Enter())
            {
                if (step.IsClosed || !ReferenceEquals(Metadata, seen))
                    return Metadata;
                step.Metadata.Suspect(seen);
                isOurs = step.Fetch is null;
                if (isOurs && step.CooldownRemaining > TimeSpan.Zero)
                    return Metadata;
                var change = step.Metadata.Change;
                fetchOrChange = Task.WhenAny(step.Fetch ?? _fetcher.Start(step, JwksFetchReason.Token), change);
            }

            await fetchOrChange.WaitAsync(cancellationToken);
            if (isOurs || isJoined)
                return Metadata;
        }
    }

    private async ValueTask<KeyLookup> WaitAsync(WaitingRequest request, RequestDecision decision, CancellationToken cancellationToken)
    {
        try
        {
            while (decision.Awaited is { } awaited)
            {
                await awaited.WaitAsync(cancellationToken);
                _state.Requests.StopWaiting(ref request);
                var lookup = Find(request.Fetch.ToQuery());
                if (decision.IsLast || request.Fetch.IsAnsweredBy(lookup))
                    break;
                request.Fetch = request.Fetch with { Seen = lookup.Set };
                decision = Decide(ref request);
            }
        }
        finally
        {
            _state.Requests.Leave(ref request);
        }

        return AnswerFromMemory(request.Fetch);
    }

    private RequestDecision Decide(ref WaitingRequest request)
    {
        RequestDecision decision;
        bool isUsable;
        var wasHeld = request.Place is not null;
        using (var step = _state.Enter())
        {
            isUsable = _state.Usable is not null;
            if (step.IsClosed || (isUsable && (request.Fetch.KeepsUsableSet || request.Fetch.IsAnsweredBy(Find(request.Fetch.ToQuery())))))
                return default;

            decision = DecideIn(step, ref request, isUsable);
        }

        // Metrics and logs run code of the application, which must not run under the lock.
        if (decision.Reported is { } reported && isUsable && !wasHeld)
            _telemetry.UnknownKey(reported);
        return decision;
    }

    private RequestDecision DecideIn(in SourceState.Step step, ref WaitingRequest request, bool isUsable)
    {
        if (step.Fetch is { } fetch)
            return _state.Requests.DuringFetch(ref request, fetch, _fetcher.IsCausedByToken, isUsable);
        if (step.CooldownRemaining is var remaining && remaining > TimeSpan.Zero)
            return _state.Requests.DuringCooldown(ref request, remaining);

        if (isUsable)
            _state.Requests.TryWait(ref request);
        return new RequestDecision(_fetcher.Start(step, JwksFetchReason.Token, request.Fetch), IsLast: true, UnknownKeyDecision.Fetched);
    }

    private KeyLookup AnswerFromMemory(KeyFetch fetch)
    {
        var lookup = Find(fetch.ToQuery());
        if (lookup.Status != KeyLookupStatus.FetchNeeded)
            return lookup;

        if (_state.Usable is not { } usable)
            return KeyLookup.Unavailable(RetryAfter());

        _telemetry.UnknownKeyRefused(fetch.KeyId);
        return KeyLookup.Unknown(usable.Set);
    }

    // Whichever comes first may bring keys: the next fetch in the background, or one that a token may cause.
    private TimeSpan RetryAfter()
    {
        using var step = _state.Enter();
        var cooldown = step.CooldownRemaining;
        var next = step.MayFetchByItself && step.Schedule.NextIn is { } planned && planned < cooldown ? planned : cooldown;
        return next > TimeSpan.FromSeconds(1) ? next : TimeSpan.FromSeconds(1);
    }
}
