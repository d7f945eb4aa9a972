using JwksAuth.Diagnostics;
using JwksAuth.Foundation.Json;
using JwksAuth.Foundation.Settings;
using JwksAuth.Issuer.Diagnostics;
using JwksAuth.Keys;
using JwksAuth.Keys.Reading;
using JwksAuth.Keys.Registry;
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Issuer.ClientAssertions;

/// <summary>
/// Caches the configured keys or key sources of clients, up to the plan's limit and one hour after the last assertion. The least recently
/// used client is evicted. A client whose settings change loses its keys at once.
/// </summary>
internal sealed class ClientKeys(KeySourceRegistry registry, JwksTelemetry telemetry, TimeProvider time)
{
    private static readonly TimeSpan IdleLifetime = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);

    // Least recently used first.
    private readonly LinkedList<Entry> _byUse = [];

    public int Count
    {
        get
        {
            lock (_gate)
                return _entries.Count;
        }
    }

    /// <summary>The keys of a client; null if the client is misconfigured.</summary>
    public IKeySource? Find(JwksClient client, AssertionPlan plan)
    {
        Entry entry;
        lock (_gate)
        {
            entry = FindOrAdd(client, plan);
            entry.UsedAt = time.GetTimestamp();
        }

        if (entry.Faults.Count > 0)
            return null;
        return entry.Fixed ?? (IKeySource)registry.AcquireOnTheFly(entry.Remote!, plan.Tuning, plan.Options, limit: plan.MaximumClients);
    }

    public void Forget(string clientId)
    {
        lock (_gate)
            Remove(clientId, dropsKeys: true);
    }

    private Entry FindOrAdd(JwksClient client, AssertionPlan plan)
    {
        var definition = ClientDefinition.Of(client, plan.Http);
        if (_entries.TryGetValue(client.ClientId, out var known))
        {
            if (known.Value.Definition == definition)
            {
                _byUse.Remove(known);
                _byUse.AddLast(known);
                return known.Value;
            }

            Remove(client.ClientId, dropsKeys: true);
        }

        while (_byUse.First?.Value is { } oldest
            && (_entries.Count >= plan.MaximumClients || time.GetElapsedTime(oldest.UsedAt) >= IdleLifetime))
            Remove(oldest.ClientId, dropsKeys: false);

        var added = Create(client, definition);
        foreach (var fault in added.Faults)
            telemetry.Logger.ClientNotConfigured(LogText.Escape(client.ClientId), fault);
        _entries[client.ClientId] = _byUse.AddLast(added);
        return added;
    }

    private Entry Create(JwksClient client, ClientDefinition definition)
    {
        var faults = new OptionFaults(JwksClientAssertionOptions.SectionName + ":Clients", isFromOutside: true);
        var reading = new KeyReadingSettings();
        if (!string.IsNullOrEmpty(client.Algorithm) && !SignatureAlgorithms.TryParse(client.Algorithm, out _))
            faults.Add(
                nameof(client.Algorithm), client.Algorithm, $"is not accepted; use one of {string.Join(", ", SignatureAlgorithms.All)}");
        var (hasAddress, hasJwks, hasKeys) = (
            !string.IsNullOrEmpty(client.JwksUri), !string.IsNullOrEmpty(client.Jwks), client.SigningKeys.Count > 0);
        if (new[] { hasAddress, hasJwks, hasKeys }.Count(isStated => isStated) != 1)
            faults.Add(nameof(client.JwksUri), null, "is not set, or not the only one: set exactly one of JwksUri, Jwks and SigningKeys");

        var entry = new Entry(client.ClientId, definition);
        if (ServerAddress.IsUsable(client.JwksUri, nameof(client.JwksUri), definition.Http, faults))
        {
            entry.Remote = new KeySourceIdentity(
                null, null, null, client.JwksUri, definition.Http, reading, time)
            { ClientId = client.ClientId };
        }
        else if (!hasAddress)
        {
            var reader = new FixedKeyReader(reading, time, faults);
            var keys = hasJwks
                ? reader.ReadJwks(client.Jwks!, nameof(client.Jwks))
                : [.. reader.ReadPems(client.SigningKeys, nameof(client.SigningKeys))];
            entry.Fixed = new StaticKeySource(new KeySet(keys));
        }

        entry.Faults = faults.All;
        return entry;
    }

    // Other clients may use the same address.
    private void Remove(string clientId, bool dropsKeys)
    {
        if (!_entries.Remove(clientId, out var removed))
            return;
        _byUse.Remove(removed);
        if (dropsKeys && removed.Value.Remote is { } remote && !_byUse.Any(entry => remote.Equals(entry.Remote)))
            registry.DropOnTheFly(remote);
    }

    private sealed class Entry(string clientId, ClientDefinition definition)
    {
        public string ClientId => clientId;

        public ClientDefinition Definition => definition;

        public IReadOnlyList<string> Faults { get; set; } = [];

        /// <summary>The configured keys; null for a client with a JwksUri.</summary>
        public IKeySource? Fixed { get; set; }

        public KeySourceIdentity? Remote { get; set; }

        public long UsedAt { get; set; }
    }
}
