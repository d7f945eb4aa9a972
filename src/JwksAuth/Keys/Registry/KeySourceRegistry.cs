
using JwksAuth.Diagnostics;
using JwksAuth.Keys.Remote;
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Keys.Registry;

/// <summary>
/// All remote sources of the process: equal ones are one, whichever scheme asks, so that an issuer sees one client with one window.
/// A configured source lives as long as a scheme uses it; one made on the fly as long as its issuer's tokens come.
/// </summary>
/// <param name="clients">Makes the HTTP clients.</param>
/// <param name="telemetry">What sources report to.</param>
/// <param name="fleet">The other replicas of the API; null if each is alone.</param>
internal sealed class KeySourceRegistry(IHttpClientFactory clients, JwksTelemetry telemetry, IFleet? fleet = null)
    : IAsyncDisposable, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<KeySourceIdentity, SharedSource> _configured = [];

    // Apart, so that neither crowds out the other.
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

    /// <summary>All sources, for an operator who is about to act on them: keys that dropped ones left are forgotten.</summary>
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

    /// <summary>The source of a configured issuer; kept until every owner has released it.</summary>
    /// <param name="identity">What makes it this source.</param>
    /// <param name="tuning">How it is to behave from now on, unless others who use it are stricter; null leaves that to them, or to the defaults.</param>
    /// <param name="owner">Who uses it.</param>
    /// <param name="expected">The issuer that the metadata must name for this owner; null if no metadata is needed.</param>
    /// <param name="needsKeys">Whether the owner needs the keys of the source, and not only its metadata.</param>
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

    /// <summary>Drops what only this owner used, with its keys, at once.</summary>
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

    /// <summary>The source of an issuer or client that is known only at run time. Where there is no room, another leaves.</summary>
    /// <param name="identity">What makes it this source.</param>
    /// <param name="tuning">How it is to behave from now on, unless others who use it are stricter.</param>
    /// <param name="user">Who uses it: it has a say in the tuning until it is released, and keeps no source.</param>
    /// <param name="expected">The issuer that the metadata must name for this user; null if no metadata is needed.</param>
    /// <param name="limit">How many such sources there may be, as far as this user is concerned.</param>
    public RemoteKeySource AcquireOnTheFly(
        KeySourceIdentity identity, KeySourceTuning tuning, object user, ExpectedIssuer? expected = null, int limit = OnTheFlySources.DefaultLimit)
    {
        SharedSource? shared;
        var hasDropped = false;
        lock (_gate)
        {
            if (!_configured.TryGetValue(identity, out shared) && !_onTheFlyIssuers.TryGet(identity, out shared) && !_onTheFlyClients.TryGet(identity, out shared))
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

    /// <summary>Drops a source that was acquired on the fly, with its keys, at once; does nothing if there is none.</summary>
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

    /// <summary>For containers that are disposed synchronously: fetches under way are cancelled, and nobody waits for their end.</summary>
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
        var source = new RemoteKeySource(identity, KeySourceTuning.Default, loader, reporting, fleet, isResolved ? _dropped.Take(identity) : null);
        if (isResolved)
            source.RetireWhen(() => TryRetire(source));

        // A request may outlive the host: its source answers that nothing can be said, and leaves no timer behind.
        if (_disposed)
            Close(source);
        return source;
    }

    private bool TryRetire(RemoteKeySource source)
    {
        lock (_gate)
        {
            var isIdle = source.VerifiedAt is not { } verifiedAt || source.Identity.Time.GetElapsedTime(verifiedAt) >= OnTheFlySources.IdleLifetime;
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
