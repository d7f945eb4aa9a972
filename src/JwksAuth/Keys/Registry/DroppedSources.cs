using System.Security.Cryptography;
using System.Text;
using JwksAuth.Keys.Remote;
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Keys.Registry;

/// <summary>
/// What dropped sources leave to their successors until their cooldown is over: when it began, in a few bytes, so that dropping a source never lets
/// tokens cause an earlier fetch; and the keys, of a limited number of them, because nobody may fetch them so soon. Guarded by its owner's lock.
/// </summary>
internal sealed class DroppedSources
{
    /// <summary>The most cooldowns that are remembered.</summary>
    public const int Maximum = 100_000;

    private readonly Dictionary<UInt128, Cooldown> _cooldowns = [];
    private readonly Queue<(UInt128 Key, Cooldown Cooldown)> _order = [];
    private readonly Dictionary<KeySourceIdentity, (KeySnapshot Snapshot, MetadataDocument? Metadata)> _keys = [];
    private readonly Queue<(KeySourceIdentity Identity, Cooldown Cooldown)> _keysOrder = [];

    /// <summary>How many cooldowns are remembered right now.</summary>
    public int Count => _cooldowns.Count;

    /// <param name="identity">The source.</param>
    /// <param name="remains">What it leaves; null if tokens may cause a fetch.</param>
    /// <param name="mostKeys">The keys of how many sources are kept; zero keeps none of this one.</param>
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

    /// <summary>What a source of that identity left; null if there is nothing that still matters.</summary>
    public SourceRemains? Take(KeySourceIdentity identity)
    {
        Forget(identity.Time);
        _keys.Remove(identity, out var keys);
        return _cooldowns.TryGetValue(KeyOf(identity), out var cooldown) && !cooldown.IsOver(identity.Time)
            ? new SourceRemains(cooldown.LeftAt, cooldown.Remaining, keys.Snapshot, keys.Metadata)
            : null;
    }

    /// <summary>Forgets all keys: an operator wants none that were fetched before.</summary>
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

    // Names come from outside: a hash that nobody can find a second text for, and of a fixed size.
    private static UInt128 KeyOf(KeySourceIdentity identity)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{identity.MetadataAddress}\n{identity.FallbackMetadataAddress}\n{identity.JwksUri}"));
        return new UInt128(BitConverter.ToUInt64(hash), BitConverter.ToUInt64(hash, sizeof(ulong)));
    }

    private readonly record struct Cooldown(long LeftAt, TimeSpan Remaining)
    {
        public bool IsOver(TimeProvider time) => time.GetElapsedTime(LeftAt) >= Remaining;
    }
}
