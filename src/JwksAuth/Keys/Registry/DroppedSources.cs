using System.Security.Cryptography;
using System.Text;
using JwksAuth.Keys.Remote;
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Keys.Registry;

/// <summary>
/// Keeps the cooldowns of dropped sources, so that dropping a source never allows an earlier fetch, and the keys of a limited number of
/// them until the cooldown ends. Guarded by its owner's lock.
/// </summary>
internal sealed class DroppedSources
{
    public const int Maximum = 100_000;

    private readonly Dictionary<UInt128, Cooldown> _cooldowns = [];
    private readonly Queue<(UInt128 Key, Cooldown Cooldown)> _order = [];
    private readonly Dictionary<KeySourceIdentity, (KeySnapshot Snapshot, MetadataDocument? Metadata)> _keys = [];
    private readonly Queue<(KeySourceIdentity Identity, Cooldown Cooldown)> _keysOrder = [];

    public int Count => _cooldowns.Count;

    /// <param name="remains">The state to keep; null if the cooldown is over.</param>
    /// <param name="mostKeys">The maximum number of sources whose keys are kept; zero keeps none of this one.</param>
    public void Add(KeySourceIdentity identity, SourceRemains? remains, int mostKeys)
    {
        Forget(identity.Time);
        if (remains is null)
            return;

        var cooldown = new Cooldown(remains.LeftAt, remains.Remaining);
        var key = KeyOf(identity);
        _cooldowns[key] = cooldown;
        _order.Enqueue((key, cooldown));
        if (_order.Count > Maximum)
            RemoveOldest();
        if (remains.Snapshot is null || mostKeys == 0)
            return;

        _keys[identity] = (remains.Snapshot, remains.Metadata);
        _keysOrder.Enqueue((identity, cooldown));
        if (_keysOrder.Count > mostKeys)
            _keys.Remove(_keysOrder.Dequeue().Identity);
    }

    /// <summary>Removes the remaining state of a source; null if there is none or it has expired.</summary>
    public SourceRemains? Take(KeySourceIdentity identity)
    {
        Forget(identity.Time);
        _keys.Remove(identity, out var keys);
        return _cooldowns.TryGetValue(KeyOf(identity), out var cooldown) && !cooldown.IsOver(identity.Time)
            ? new SourceRemains(cooldown.LeftAt, cooldown.Remaining, keys.Snapshot, keys.Metadata)
            : null;
    }

    /// <summary>Forgets all keys, because an operator wants fresh ones.</summary>
    public void ForgetKeys()
    {
        _keys.Clear();
        _keysOrder.Clear();
    }

    private void Forget(TimeProvider time)
    {
        while (_order.TryPeek(out var oldest) && oldest.Cooldown.IsOver(time))
            RemoveOldest();
        while (_keysOrder.TryPeek(out var oldest) && oldest.Cooldown.IsOver(time))
            _keys.Remove(_keysOrder.Dequeue().Identity);
    }

    private void RemoveOldest()
    {
        var (key, cooldown) = _order.Dequeue();
        if (_cooldowns.GetValueOrDefault(key) == cooldown)
            _cooldowns.Remove(key);
    }

    // Names are untrusted: a cryptographic hash prevents collisions and has a fixed size.
    private static UInt128 KeyOf(KeySourceIdentity identity)
    {
        var hash = SHA256.HashData(
            Encoding.UTF8.GetBytes($"{identity.MetadataAddress}\n{identity.FallbackMetadataAddress}\n{identity.JwksUri}"));
        return new UInt128(BitConverter.ToUInt64(hash), BitConverter.ToUInt64(hash, sizeof(ulong)));
    }

    private readonly record struct Cooldown(long LeftAt, TimeSpan Remaining)
    {
        public bool IsOver(TimeProvider time) => time.GetElapsedTime(LeftAt) >= Remaining;
    }
}
