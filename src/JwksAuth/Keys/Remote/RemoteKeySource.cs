using System.Collections.Concurrent;
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Keys.Remote;

/// <summary>The keys of a remote JWKS: one immutable set, one fetch at a time, one cooldown, one timer.</summary>
internal sealed class RemoteKeySource : IKeySource, IAsyncDisposable
{
    private const int MostNames = 1000;

    private readonly TimeProvider _time;
    private readonly SourceTelemetry _telemetry;
    private readonly KeyFetcher _fetcher;
    private readonly FetchDecider _decider;
    private readonly SourceState _state;
    private readonly bool _isAlone;
    private readonly ConcurrentDictionary<string, byte> _names = new(StringComparer.Ordinal);

    public RemoteKeySource(
        KeySourceIdentity identity, KeySourceTuning tuning, KeySetLoader loader, SourceTelemetry telemetry,
        IFleet? fleet = null, SourceRemains? remains = null)
    {
        _time = identity.Time;
        _telemetry = telemetry;
        _isAlone = fleet is null;
        Names = loader.Names;
        _fetcher = new KeyFetcher(identity, tuning, loader, telemetry, fleet, remains);
        _state = _fetcher.State;
        _decider = new FetchDecider(_fetcher, telemetry);
        _names[identity.Name] = 0;
        _telemetry.Observe(_state.Read);
    }

    public KeySourceIdentity Identity => _state.Identity;

    public MetadataNames Names { get; }

    public bool IsLoaded => _state.IsLoaded;

    public IReadOnlyList<VerificationKey> Current => (CurrentSet ?? KeySet.Empty).Keys;

    /// <summary>The current set of any age; null before the first successful fetch and after a clear.</summary>
    public KeySet? CurrentSet => _state.Snapshot?.Set;

    public MetadataDocument? Metadata => _state.Metadata;

    public bool NeedsKeys
    {
        get => _state.NeedsKeys;
        set => _state.NeedsKeys = value;
    }

    /// <inheritdoc cref="SourceState.LastFetch"/>
    public Task CurrentFetch => _state.LastFetch;

    /// <inheritdoc cref="IFleetMember.CurrentSharing"/>
    public Task CurrentSharing => _fetcher.CurrentSharing;

    public bool HasVerified => VerifiedAt is not null;

    /// <inheritdoc cref="SourceState.VerifiedAt"/>
    public long? VerifiedAt => _state.VerifiedAt;

    public KeyLookupResult Find(KeyQuery query) => _state.Find(query);

    public bool IsCurrent(VerificationKey key) => _state.Usable is { } usable && usable.Set.Contains(key);

    public JwksSourceStatus GetStatus() => _state.Describe(_telemetry);

    public void AddName(string name)
    {
        if (!_names.ContainsKey(name) && _names.Count < MostNames)
            _names.TryAdd(name, 0);
    }

    /// <summary>Whether this is the address of the source, or the name of an issuer or client that uses it.</summary>
    public bool IsKnownAs(string name) =>
        name == Identity.Address || name == Identity.ShownAddress || name == Metadata?.Issuer || _names.ContainsKey(name);

    /// <summary>Changes the tuning: a shorter interval brings the next fetch forward, a shorter cooldown may end the current one.</summary>
    public void Tune(KeySourceTuning tuning)
    {
        using var step = _state.Enter();
        if (step.IsClosed)
            return;

        var before = _state.Tuning;
        step.Tune(tuning);
        if (tuning.RefreshInterval < before.RefreshInterval && step.Fetch is null)
            step.Schedule.BringForward(tuning.RefreshInterval);
        if (tuning.Cooldown < before.Cooldown)
            _state.Requests.Release();
    }

    /// <summary>Starts or joins the first fetch. Completes when it ends, even if it fails.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        using var step = _state.Enter();
        return IsLoaded || step.IsClosed
            ? Task.CompletedTask
            : (step.Fetch ?? _fetcher.Start(step, JwksFetchReason.Start)).WaitAsync(cancellationToken);
    }

    /// <summary>Fetches immediately, even during the cooldown. Completes when new requests see the result.</summary>
    public Task<JwksRefreshResult> RefreshAsync(CancellationToken cancellationToken) =>
        _fetcher.RefreshAsync().WaitAsync(cancellationToken);

    /// <summary>
    /// Clears the keys here and in the fleet, discards a fetch in progress and ends the cooldown, so that the next token causes a fetch.
    /// </summary>
    public void Clear() => _fetcher.Clear();

    /// <summary>Checks before each background fetch whether the source is still needed. Without keys it makes no such fetch.</summary>
    /// <param name="tryRetire">Closes the source and returns true if it is not needed.</param>
    public void RetireWhen(Func<bool> tryRetire)
    {
        using var step = _state.Enter();
        step.Schedule.TryRetire = tryRetire;
        if (_state.Snapshot is { } snapshot)
            step.Schedule.ByAge(snapshot, _state.Tuning.RefreshInterval);
        else
            step.Schedule.End();
    }

    public void MarkConfigured()
    {
        _telemetry.IsResolved = false;
        using var step = _state.Enter();
        if (step.Schedule.TryRetire is null || step.IsClosed)
            return;
        step.Schedule.TryRetire = null;
        if (step.Fetch is null && _state.Snapshot is null && step.History.FailuresInARow > 0)
            step.Schedule.In(RefreshDelays.AfterFailedStart(1));
    }

    /// <summary>The state that outlives the source: its cooldown and, until it ends, its keys; null if the cooldown is over.</summary>
    public SourceRemains? Leave()
    {
        // In a fleet, the engine keeps the cooldown; a withdrawal would not reach keys kept here.
        using var step = _state.Enter();
        return _isAlone && step.CooldownRemaining is var remaining && remaining > TimeSpan.Zero
            ? new SourceRemains(_time.GetTimestamp(), remaining, _state.Snapshot, _state.Metadata)
            : null;
    }

    public ValueTask<KeyLookupResult> FetchAsync(KeyFetch fetch, CancellationToken cancellationToken)
    {
        var request = new WaitingRequest(fetch, _time.GetTimestamp());
        var decision = _decider.Decide(ref request);

        // During a flood nearly every answer comes from memory, so this path avoids an async state machine.
        return decision.Awaited is null ? new(AnswerFromMemory(fetch)) : WaitAsync(request, decision, cancellationToken);
    }

    /// <summary>Gets the metadata, after a fetch if there is none and a fetch is allowed or in progress. Does not wait for keys.</summary>
    public Task<MetadataDocument?> ReadMetadataAsync(CancellationToken cancellationToken) =>
        ReadMetadataUnlessAsync(null, cancellationToken);

    /// <summary>
    /// Gets metadata newer than the one that proved wrong: immediately if the cooldown allows it, otherwise with the next fetch.
    /// </summary>
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
        // A fetch in progress may not read the metadata, or may have read it before the change, so there is a second chance after it.
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

    private async ValueTask<KeyLookupResult> WaitAsync(
        WaitingRequest request, RequestDecision decision, CancellationToken cancellationToken)
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
                decision = _decider.Decide(ref request);
            }
        }
        finally
        {
            _state.Requests.Leave(ref request);
        }

        return AnswerFromMemory(request.Fetch);
    }

    private KeyLookupResult AnswerFromMemory(KeyFetch fetch)
    {
        var lookup = Find(fetch.ToQuery());
        if (lookup.Status != KeyLookupStatus.FetchNeeded)
            return lookup;

        if (_state.Usable is not { } usable)
            return KeyLookupResult.Unavailable(RetryAfter());

        _telemetry.UnknownKeyRefused(fetch.KeyId);
        return KeyLookupResult.Unknown(usable.Set);
    }

    // Either may provide keys: the next background fetch, or one that a token causes.
    private TimeSpan RetryAfter()
    {
        using var step = _state.Enter();
        var cooldown = step.CooldownRemaining;
        var next = step.MayFetchByItself && step.Schedule.NextIn is { } planned && planned < cooldown ? planned : cooldown;
        return next > TimeSpan.FromSeconds(1) ? next : TimeSpan.FromSeconds(1);
    }
}
