using JwksAuth.Diagnostics;
using JwksAuth.Keys.Remote;
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Keys.Registry;

/// <summary>
/// All remote sources of the process. Schemes with equal settings share a source, so that an issuer sees one client with one cooldown. A
/// configured source lives while a scheme uses it; an on-the-fly source lives while its tokens arrive.
/// </summary>
/// <param name="fleet">The other replicas of the API; null if nothing is shared.</param>
internal sealed class KeySourceRegistry(IHttpClientFactory clients, JwksTelemetry telemetry, IFleet? fleet = null)
    : IAsyncDisposable, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<KeySourceIdentity, SharedSource> _configured = [];

    // Separate, so that neither evicts the other.
    private readonly OnTheFlySources _onTheFlyIssuers = new();
    private readonly OnTheFlySources _onTheFlyClients = new();
    private readonly DroppedSources _dropped = new();
    private readonly LimitReports _limits = new(telemetry);
    private readonly SourceInstruments _instruments = new(telemetry);
    private Task _closing = Task.CompletedTask;
    private bool _disposed;

    public IReadOnlyList<RemoteKeySource> Sources
    {
        get
        {
            lock (_gate)
                return [.. All];
        }
    }

    /// <summary>All sources, for an operator's action; forgets the keys of dropped sources.</summary>
    public IReadOnlyList<RemoteKeySource> SourcesAsOfNow()
    {
        lock (_gate)
        {
            _dropped.ForgetKeys();
            return [.. All];
        }
    }

    private IEnumerable<RemoteKeySource> All => _configured.Values.Concat(AllOnTheFly).Select(shared => shared.Source);

    private IEnumerable<SharedSource> AllOnTheFly => _onTheFlyIssuers.All.Concat(_onTheFlyClients.All);

    /// <summary>Gets the source of a configured issuer, which is kept until every owner has released it.</summary>
    /// <param name="tuning">The owner's tuning; the strictest of all users applies. Null for no preference.</param>
    /// <param name="expected">The issuer that the metadata must name for this owner; null if no metadata is needed.</param>
    public RemoteKeySource Acquire(
        KeySourceIdentity identity, KeySourceTuning? tuning, object owner, ExpectedIssuer? expected = null, bool needsKeys = true)
    {
        lock (_gate)
        {
            if (!_configured.TryGetValue(identity, out var shared))
                _configured[identity] = shared = TakeOnTheFly(identity) ?? new SharedSource(Create(identity, isResolved: false));
            shared.Keep(owner, needsKeys);
            shared.Source.AddName(identity.Name);
            shared.Tune(owner, tuning);
            shared.Expect(owner, expected, isOnTheFly: false);
            return shared.Source;
        }
    }

    /// <summary>Releases the sources of an owner, and drops those without another owner.</summary>
    public void Release(object owner)
    {
        lock (_gate)
        {
            foreach (var (identity, shared) in _configured.ToArray())
            {
                if (shared.Release(owner))
                {
                    _configured.Remove(identity);
                    Close(shared.Source);
                }
            }

            foreach (var shared in AllOnTheFly)
                shared.Release(owner);
            _onTheFlyIssuers.Release(owner);
            _onTheFlyClients.Release(owner);
        }
    }

    /// <summary>Gets the source of an issuer or client found at run time, evicting another one if there is no room.</summary>
    /// <param name="user">The user, whose tuning counts until it is released. It does not keep the source.</param>
    /// <param name="expected">The issuer that the metadata must name for this user; null if no metadata is needed.</param>
    /// <param name="limit">The user's limit on the number of such sources.</param>
    public RemoteKeySource AcquireOnTheFly(
        KeySourceIdentity identity, KeySourceTuning tuning, object user, ExpectedIssuer? expected = null,
        int limit = OnTheFlySources.DefaultLimit)
    {
        SharedSource? shared;
        var hasDropped = false;
        lock (_gate)
        {
            shared = _configured.GetValueOrDefault(identity) ?? _onTheFlyIssuers.Find(identity) ?? _onTheFlyClients.Find(identity);
            if (shared is null)
            {
                var sources = OnTheFly(identity);
                sources.AskForLimit(user, limit);
                hasDropped = MakeRoom(sources);
                shared = new SharedSource(Create(identity, isResolved: true));
                sources.Add(identity, shared);
            }

            shared.Tune(user, tuning);
            shared.Expect(user, expected, isOnTheFly: true);
            shared.Source.AddName(identity.Name);
        }

        if (hasDropped)
            _limits.Dropped(identity, limit);
        return shared.Source;
    }

    public void DropOnTheFly(KeySourceIdentity identity)
    {
        lock (_gate)
        {
            if (TakeOnTheFly(identity) is { } shared)
                Drop(shared, mostKeys: 0);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Dispose();
        await _closing;
    }

    /// <summary>For containers that are disposed synchronously: cancels fetches without waiting for them.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var source in All)
                Close(source);
            _configured.Clear();
            _onTheFlyIssuers.Clear();
            _onTheFlyClients.Clear();
            _disposed = true;
        }
    }

    private OnTheFlySources OnTheFly(KeySourceIdentity identity) => identity.ClientId is null ? _onTheFlyIssuers : _onTheFlyClients;

    private SharedSource? TakeOnTheFly(KeySourceIdentity identity) => _onTheFlyIssuers.Take(identity) ?? _onTheFlyClients.Take(identity);

    private bool MakeRoom(OnTheFlySources sources)
    {
        var hasDropped = false;
        while (sources.MakeRoom() is { } leaving)
        {
            Drop(leaving, sources.Limit);
            hasDropped = true;
        }

        return hasDropped;
    }

    private RemoteKeySource Create(KeySourceIdentity identity, bool isResolved)
    {
        var retriever = new DocumentRetriever(clients, identity.Http, identity.Time);
        var loader = new KeySetLoader(identity, retriever, identity.Time, isShared: fleet is not null);
        var reporting = new SourceTelemetry(_instruments, identity.Name, identity.Time) { IsResolved = isResolved };
        var source = new RemoteKeySource(
            identity, KeySourceTuning.Default, loader, reporting, fleet, isResolved ? _dropped.Take(identity) : null);
        if (isResolved)
            source.RetireWhen(() => TryRetire(source));

        // A request may outlive the host; its source reports itself as unavailable and has no timer.
        if (_disposed)
            Close(source);
        return source;
    }

    private bool TryRetire(RemoteKeySource source)
    {
        lock (_gate)
        {
            var isIdle = source.VerifiedAt is not { } verifiedAt
                || source.Identity.Time.GetElapsedTime(verifiedAt) >= OnTheFlySources.IdleLifetime;
            if (!isIdle || TakeOnTheFly(source.Identity) is not { } shared)
                return false;
            Drop(shared, mostKeys: 0);
            return true;
        }
    }

    private void Drop(SharedSource shared, int mostKeys)
    {
        var remains = shared.Source.Leave();
        _dropped.Add(shared.Source.Identity, remains, mostKeys);
        Close(shared.Source);
    }

    private void Close(RemoteKeySource source) => _closing = Task.WhenAll(_closing, source.DisposeAsync().AsTask());
}
