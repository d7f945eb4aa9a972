namespace JwksAuth.Keys;

/// <summary>
/// Sources of issuers known only at run time: at most 1,000, out after an hour without a token. A source whose window is closed
/// is never dropped, because its successor would fetch again at once. Guarded by its owner's lock.
/// </summary>
internal sealed class OnTheFlySources
{
    public const int Capacity = 1000;

    private static readonly TimeSpan IdleLifetime = TimeSpan.FromHours(1);

    private readonly Dictionary<KeySourceIdentity, Entry> _entries = [];

    public IEnumerable<RemoteKeySource> All => _entries.Values.Select(entry => entry.Source);

    /// <summary>The source of this identity, made if need be; null when there is no room. Names the sources that left.</summary>
    public RemoteKeySource? GetOrAdd(
        KeySourceIdentity identity, Func<RemoteKeySource> create, TimeProvider time, out IReadOnlyList<RemoteKeySource> dropped)
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
        return entry.Source;
    }

    /// <summary>Hands a source over to a new owner; null if there is none.</summary>
    public RemoteKeySource? Take(KeySourceIdentity identity) => _entries.Remove(identity, out var entry) ? entry.Source : null;

    public void Clear() => _entries.Clear();

    private IEnumerable<RemoteKeySource> MakeRoom(TimeProvider time)
    {
        var droppable = _entries.Where(pair => pair.Value.Source.IsWindowOpen).OrderBy(pair => pair.Value.UsedAt).ToList();
        foreach (var (identity, entry) in droppable)
        {
            if (_entries.Count < Capacity && time.GetElapsedTime(entry.UsedAt) < IdleLifetime)
                yield break;
            _entries.Remove(identity);
            yield return entry.Source;
        }
    }

    private sealed class Entry(RemoteKeySource source)
    {
        public RemoteKeySource Source { get; } = source;

        public long UsedAt { get; set; }
    }
}
