using JwksAuth.Diagnostics;
using JwksAuth.Keys.Retrieval;
using JwksAuth.Keys.Sharing;

namespace JwksAuth.Keys;

/// <summary>
/// All remote sources of the process: equal ones are one, whichever scheme asks, so that an issuer sees one client with one window.
/// A configured source lives as long as a scheme uses it; one made on the fly as long as its issuer's tokens come.
/// </summary>
/// <param name="clients">Makes the HTTP clients.</param>
/// <param name="telemetry">What sources report to.</param>
/// <param name="fleet">What replicas share their keys on; null if each is alone.</param>
internal sealed class KeySourceRegistry(IHttpClientFactory clients, JwksTelemetry telemetry, IFleetEngine? fleet = null)
    : IAsyncDisposable, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<KeySourceIdentity, SharedSource> _configured = [];

    // Apart, so that neither crowds out the other.
    private readonly OnTheFlySources _onTheFlyIssuers = new();
    private readonly OnTheFlySources _onTheFlyClients = new();
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
                _configured[identity] = shared = OnTheFly(identity).Take(identity) ?? new SharedSource(Create(identity, isResolved: false));
            shared.Keep(owner, needsKeys);
            shared.Tune(owner, tuning);
            shared.Expect(owner, expected);
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
        }
    }

    /// <summary>The source of an issuer or client that is known only at run time; null when too many others are in use right now.</summary>
    /// <param name="identity">What makes it this source.</param>
    /// <param name="tuning">How it is to behave from now on, unless others who use it are stricter.</param>
    /// <param name="user">Who uses it: it has a say in the tuning until it is released, and keeps no source.</param>
    /// <param name="expected">The issuer that the metadata must name for this user; null if no metadata is needed.</param>
    public RemoteKeySource? AcquireOnTheFly(KeySourceIdentity identity, KeySourceTuning tuning, object user, ExpectedIssuer? expected = null)
    {
        lock (_gate)
        {
            if (!_configured.TryGetValue(identity, out var shared))
            {
                shared = OnTheFly(identity).GetOrAdd(identity, () => new SharedSource(Create(identity, isResolved: true)), identity.Time, out var dropped);
                foreach (var idle in dropped)
                    Close(idle);
            }

            shared?.Tune(user, tuning);
            shared?.Expect(user, expected);
            return shared?.Source;
        }
    }

    /// <summary>Drops a source that was acquired on the fly, with its keys, at once; does nothing if there is none.</summary>
    public void DropOnTheFly(KeySourceIdentity identity)
    {
        lock (_gate)
        {
            if (OnTheFly(identity).Take(identity) is { } shared)
                Close(shared.Source);
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

    private RemoteKeySource Create(KeySourceIdentity identity, bool isResolved)
    {
        var retriever = new DocumentRetriever(clients, identity.Http, identity.Time);
        var loader = new KeySetLoader(identity, retriever, identity.Time, isShared: fleet is not null);
        var reporting = telemetry.ForSource(identity.Name, isResolved, identity.Time);
        var source = new RemoteKeySource(identity, KeySourceTuning.Default, loader, reporting, fleet);
        if (isResolved)
            source.RetireWhen(() => TryRetire(source), OnTheFlySources.IdleLifetime);

        // A request may outlive the host: its source answers that nothing can be said, and leaves no timer behind.
        if (_disposed)
            Close(source);
        return source;
    }

    private bool TryRetire(RemoteKeySource source)
    {
        lock (_gate)
        {
            if (!OnTheFly(source.Identity).TryRemoveIdle(source.Identity, source.Identity.Time))
                return false;
            Close(source);
            return true;
        }
    }

    private void Close(RemoteKeySource source) => _closing = Task.WhenAll(_closing, source.DisposeAsync().AsTask());
}
