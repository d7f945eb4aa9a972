using JwksAuth.Diagnostics;
using JwksAuth.Foundation.Collections;
using JwksAuth.Foundation.Json;
using JwksAuth.Issuer.Diagnostics;
using JwksAuth.Keys;
using JwksAuth.Keys.Registry;

namespace JwksAuth.Issuer.ClientAssertions;

/// <summary>
/// Caches the configured keys or key sources of clients, up to the plan's limit and one hour after the last assertion. The least recently
/// used client is evicted. A client whose settings change loses its keys at once.
/// </summary>
internal sealed class ClientKeys(KeySourceRegistry registry, JwksTelemetry telemetry, TimeProvider time)
{
    private static readonly TimeSpan IdleLifetime = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly RecencyMap<string, ClientEntry> _entries = new(StringComparer.Ordinal);

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
        ClientEntry entry;
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

    private ClientEntry FindOrAdd(JwksClient client, AssertionPlan plan)
    {
        var definition = ClientDefinition.Of(client, plan.Http);
        if (_entries.Use(client.ClientId) is { } known)
        {
            if (known.Definition == definition)
                return known;
            Remove(client.ClientId, dropsKeys: true);
        }

        while (_entries.Oldest is { } oldest
            && (_entries.Count >= plan.MaximumClients || time.GetElapsedTime(oldest.UsedAt) >= IdleLifetime))
            Remove(oldest.ClientId, dropsKeys: false);

        var added = ClientEntry.Of(client, definition, time);
        foreach (var fault in added.Faults)
            telemetry.Logger.ClientNotConfigured(LogText.Escape(client.ClientId), fault);
        _entries.Add(client.ClientId, added);
        return added;
    }

    // Other clients may use the same address.
    private void Remove(string clientId, bool dropsKeys)
    {
        if (_entries.Remove(clientId)?.Remote is { } remote && dropsKeys && !_entries.Values.Any(entry => remote.Equals(entry.Remote)))
            registry.DropOnTheFly(remote);
    }
}
