using JwksAuth.Diagnostics;
using JwksAuth.Keys;
using JwksAuth.Schemes;

namespace JwksAuth.Clients;

/// <summary>
/// The keys of clients: at most 1,000 clients at a time, out after an hour without an assertion. A client that changes loses its keys at once. To make
/// room, a client whose window is closed is never dropped, because it would be fetched again at once.
/// </summary>
internal sealed class ClientKeys(KeySourceRegistry registry, JwksTelemetry telemetry, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    public int Count
    {
        get
        {
            lock (_gate)
                return _entries.Count;
        }
    }

    /// <summary>The keys of a client; null if it is wrongly configured, or if there is no room for it.</summary>
    /// <param name="client">The client as it is configured now.</param>
    /// <param name="plan">How its keys are fetched.</param>
    /// <param name="failure">Why there are none.</param>
    public IKeySource? Find(JwksClient client, AssertionPlan plan, out JwksClientAssertionFailure failure)
    {
        Entry? entry;
        lock (_gate)
        {
            entry = FindOrAdd(client, plan);
            failure = entry is { Faults.Count: > 0 } ? JwksClientAssertionFailure.NotConfigured : JwksClientAssertionFailure.Unavailable;
            if (entry is not { Faults.Count: 0 })
                return null;

            entry.UsedAt = time.GetTimestamp();
            return entry.Fixed ?? (IKeySource?)(entry.Source = registry.AcquireOnTheFly(entry.Remote!, plan.Tuning, plan.Options));
        }
    }

    /// <summary>Drops the keys of a client that is not known any more.</summary>
    public void Forget(string clientId)
    {
        lock (_gate)
            Remove(clientId);
    }

    private Entry? FindOrAdd(JwksClient client, AssertionPlan plan)
    {
        var definition = ClientDefinition.Of(client, plan.Http);
        if (_entries.TryGetValue(client.ClientId, out var known))
        {
            if (known.Definition == definition)
                return known;
            Remove(client.ClientId);
        }

        MakeRoom();
        if (_entries.Count >= OnTheFlySources.Capacity)
            return null;

        var added = Create(client, definition);
        foreach (var fault in added.Faults)
            telemetry.Logger.ClientNotConfigured(LogText.Escape(client.ClientId), fault);
        return _entries[client.ClientId] = added;
    }

    private Entry Create(JwksClient client, ClientDefinition definition)
    {
        var faults = new OptionFaults(JwksClientAssertionOptions.SectionName + ":Clients", isFromOutside: true);
        var reading = new KeyReadingSettings();
        if (!string.IsNullOrEmpty(client.Algorithm) && !SignatureAlgorithms.TryParse(client.Algorithm, out _))
            faults.Add(nameof(client.Algorithm), client.Algorithm, $"is not accepted; known are {string.Join(", ", SignatureAlgorithms.All)}");
        var (hasAddress, hasJwks, hasKeys) = (!string.IsNullOrEmpty(client.JwksUri), !string.IsNullOrEmpty(client.Jwks), client.SigningKeys.Count > 0);
        if (new[] { hasAddress, hasJwks, hasKeys }.Count(isStated => isStated) != 1)
            faults.Add(nameof(client.JwksUri), null, "or one of Jwks and SigningKeys is to be set, and only one of them");

        var entry = new Entry(definition, time.GetTimestamp());
        if (ServerAddress.IsUsable(client.JwksUri, nameof(client.JwksUri), definition.Http, faults))
        {
            entry.Remote = new KeySourceIdentity(null, null, null, client.JwksUri, definition.Http, reading, time) { ClientId = client.ClientId };
        }
        else if (!hasAddress)
        {
            var reader = new FixedKeyReader(reading, time, faults);
            var keys = hasJwks ? reader.ReadJwks(client.Jwks!, nameof(client.Jwks)) : [.. reader.ReadPems(client.SigningKeys, nameof(client.SigningKeys))];
            entry.Fixed = new StaticKeySource(new KeySet(keys));
        }

        entry.Faults = faults.All;
        return entry;
    }

    private void MakeRoom()
    {
        foreach (var (clientId, _) in _entries.Where(pair => time.GetElapsedTime(pair.Value.UsedAt) >= OnTheFlySources.IdleLifetime).ToList())
            Remove(clientId);
        if (_entries.Count < OnTheFlySources.Capacity)
            return;

        var droppable = _entries.Where(pair => pair.Value.MayLeave).Select(pair => pair.Key);
        if (droppable.MinBy(clientId => _entries[clientId].UsedAt) is { } oldest)
            Remove(oldest);
    }

    private void Remove(string clientId)
    {
        if (_entries.Remove(clientId, out var removed) && removed.Remote is { } remote)
            registry.DropOnTheFly(remote);
    }

    private sealed class Entry(ClientDefinition definition, long usedAt)
    {
        public ClientDefinition Definition { get; } = definition;

        public IReadOnlyList<string> Faults { get; set; } = [];

        /// <summary>The keys that were written down; null for a client with an address.</summary>
        public IKeySource? Fixed { get; set; }

        public KeySourceIdentity? Remote { get; set; }

        /// <summary>The source at the address as it was last given out; null before that, and if there was no room.</summary>
        public RemoteKeySource? Source { get; set; }

        public long UsedAt { get; set; } = usedAt;

        public bool MayLeave => Source is null or { IsWindowOpen: true };
    }
}
