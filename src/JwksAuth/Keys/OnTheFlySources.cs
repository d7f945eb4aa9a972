namespace JwksAuth.Keys;

/// <summary>
/// Sources of issuers known only at run time: at most 1,000, out after an hour without a token. To make room, a source whose window is closed
/// is never dropped, because its successor would fetch again at once. Guarded by its owner's lock.
/// </summary>
internal sealed class OnTheFlySources
{
    public const int Capacity = 1000;

    public static readonly TimeSpan IdleLifetime = TimeSpan.FromHours(1);

    private readonly Dictionary<KeySourceIdentity, Entry> _entries = [];

    public IEnumerable<SharedSource> All => _entries.Values.Select(entry => entry.Shared);

    /// <summary>The source of this identity, made if need be; null when there is no room. Names the sources that left.</summary>
    public SharedSource? GetOrAdd(
        KeySourceIdentity identity, Func<SharedSource> create, TimeProvider time, out IReadOnlyList<RemoteKeySource> dropped)
    {
        dropped = [];
        if (!_entries.TryGetValue(identity, out var entry))
        {
            dropped = [.. MakeRoom(time)];
            if (_entries.Count >= Capacity)
                return null;
            _entries[identity] = entry = new Entry(create());
        }

        entry.UsedAt = time.GetTimestamp();
        return entry.Shared;
    }

    /// <summary>Hands a source over to a new owner; null if there is none.</summary>
    public SharedSource? Take(KeySourceIdentity identity) => _entries.Remove(identity, out var entry) ? entry.Shared : null;

    /// <summary>Removes a source that no token has asked for in an hour; false if one has, or if it is not here.</summary>
    public bool TryRemoveIdle(KeySourceIdentity identity, TimeProvider time) =>
        _entries.TryGetValue(identity, out var entry) && IsIdle(entry, time) && _entries.Remove(identity);

    public void Clear() => _entries.Clear();

    private static bool IsIdle(Entry entry, TimeProvider time) => time.GetElapsedTime(entry.UsedAt) >= IdleLifetime;

    private IEnumerable<RemoteKeySource> MakeRoom(TimeProvider time)
    {
        var droppable = _entries.Where(pair => pair.Value.Shared.Source.IsWindowOpen).OrderBy(pair => pair.Value.UsedAt).ToList();
        foreach (var (identity, entry) in droppable)
        {
            if (_entries.Count < Capacity && !IsIdle(entry, time))
                yield break;
            _entries.Remove(identity);
            yield return entry.Shared.Source;
        }
    }

    private sealed class Entry(SharedSource shared)
    {
        public SharedSource Shared { get; } = shared;

        public long UsedAt { get; set; }
    }
}
