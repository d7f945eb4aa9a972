using JwksAuth.Diagnostics;
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Keys;

/// <summary>
/// All remote sources of the process: equal ones are one, whichever scheme asks, so that an issuer sees one client with one window.
/// A configured source lives as long as a scheme uses it; one made on the fly as long as its issuer's tokens come.
/// </summary>
internal sealed class KeySourceRegistry(IHttpClientFactory clients, JwksTelemetry telemetry) : IAsyncDisposable, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<KeySourceIdentity, Shared> _configured = [];
    private readonly OnTheFlySources _onTheFly = new();
    private Task _closing = Task.CompletedTask;
    private bool _disposed;

    public IReadOnlyList<RemoteKeySource> Sources
    {
        get
        {
            lock (_gate)
                return [.. _configured.Values.Select(shared => shared.Source), .. _onTheFly.All];
        }
    }

    /// <summary>The source of a configured issuer; kept until every owner has released it.</summary>
    /// <param name="identity">What makes it this source.</param>
    /// <param name="tuning">How it is to behave from now on; null leaves that to others who use it, or to the defaults.</param>
    /// <param name="owner">Who uses it.</param>
    public RemoteKeySource Acquire(KeySourceIdentity identity, KeySourceTuning? tuning, object owner)
    {
        lock (_gate)
        {
            if (!_configured.TryGetValue(identity, out var shared))
                _configured[identity] = shared = new Shared(_onTheFly.Take(identity) ?? Create(identity, tuning ?? KeySourceTuning.Default, isResolved: false));
            shared.Owners.Add(owner);
            shared.Source.MarkConfigured();
            shared.Source.Tuning = tuning ?? shared.Source.Tuning;
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
                if (shared.Owners.Remove(owner) && shared.Owners.Count == 0)
                {
                    _configured.Remove(identity);
                    Close(shared.Source);
                }
            }
        }
    }

    /// <summary>The source of an issuer that a resolver named; null when too many others are in use right now.</summary>
    public RemoteKeySource? AcquireOnTheFly(KeySourceIdentity identity, KeySourceTuning tuning)
    {
        lock (_gate)
        {
            if (_configured.TryGetValue(identity, out var shared))
                return shared.Source;

            var source = _onTheFly.GetOrAdd(identity, () => Create(identity, tuning, isResolved: true), identity.Time, out var dropped);
            foreach (var idle in dropped)
                Close(idle);
            return source;
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
            foreach (var source in _configured.Values.Select(shared => shared.Source).Concat(_onTheFly.All))
                Close(source);
            _configured.Clear();
            _onTheFly.Clear();
            _disposed = true;
        }
    }

    private RemoteKeySource Create(KeySourceIdentity identity, KeySourceTuning tuning, bool isResolved)
    {
        var retriever = new DocumentRetriever(clients, identity.Http);
        var loader = new KeySetLoader(identity, retriever, identity.Time);
        var reporting = telemetry.ForSource(identity.Issuer ?? identity.Address, isResolved, identity.Time);
        var source = new RemoteKeySource(identity, tuning, loader, reporting);

        // A request may outlive the host: its source answers that nothing can be said, and leaves no timer behind.
        if (_disposed)
            Close(source);
        return source;
    }

    private void Close(RemoteKeySource source) => _closing = Task.WhenAll(_closing, source.DisposeAsync().AsTask());

    private sealed class Shared(RemoteKeySource source)
    {
        public RemoteKeySource Source { get; } = source;

        public HashSet<object> Owners { get; } = new(ReferenceEqualityComparer.Instance);
    }
}
