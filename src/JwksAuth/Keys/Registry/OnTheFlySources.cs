namespace JwksAuth.Keys.Registry;

/// <summary>
/// Sources of issuers or clients found at run time, up to a limit. A new source always gets room: the least recently used source without a
/// verified token is evicted first, then the least recently used of the others. Guarded by its owner's lock.
/// </summary>
internal sealed class OnTheFlySources
{
    public const int DefaultLimit = 1000;

    public static readonly TimeSpan IdleLifetime = TimeSpan.FromMinutes(15);

    // Skipping a source that is fetching costs a look at the next one; the limit bounds that during a flood.
    private const int MostLooks = 16;

    private readonly Dictionary<KeySourceIdentity, LinkedListNode<SharedSource>> _sources = [];
    private readonly Dictionary<object, int> _limits = new(ReferenceEqualityComparer.Instance);

    // Least recently used first.
    private readonly LinkedList<SharedSource> _unproved = [];
    private readonly LinkedList<SharedSource> _proved = [];

    public IEnumerable<SharedSource> All => _sources.Values.Select(node => node.Value);

    /// <summary>The maximum number of sources: the largest limit of any user.</summary>
    public int Limit { get; private set; } = DefaultLimit;

    public void AskForLimit(object user, int limit)
    {
        if (_limits.GetValueOrDefault(user) == limit)
            return;
        _limits[user] = limit;
        Limit = _limits.Values.Max();
    }

    public void Release(object user)
    {
        if (_limits.Remove(user))
            Limit = _limits.Count == 0 ? DefaultLimit : _limits.Values.Max();
    }

    public SharedSource? Find(KeySourceIdentity identity)
    {
        if (!_sources.TryGetValue(identity, out var node))
            return null;

        var list = node.List!;
        list.Remove(node);
        list.AddLast(node);
        return node.Value;
    }

    public void Add(KeySourceIdentity identity, SharedSource shared) => _sources[identity] = _unproved.AddLast(shared);

    /// <summary>Chooses the source to evict; null while there is room.</summary>
    public SharedSource? MakeRoom() => _sources.Count < Limit
        ? null
        : Take((Unproved() ?? LongestUnused(_proved, mayHaveVerified: true)!).Source.Identity);

    public SharedSource? Take(KeySourceIdentity identity)
    {
        if (!_sources.Remove(identity, out var node))
            return null;
        node.List!.Remove(node);
        return node.Value;
    }

    public void Clear()
    {
        _sources.Clear();
        _unproved.Clear();
        _proved.Clear();
    }

    // Moves sources that have verified a token since the last look.
    private SharedSource? Unproved()
    {
        var next = _unproved.First;
        while (next is { } node)
        {
            next = node.Next;
            if (!node.Value.Source.HasVerified)
                break;
            _unproved.Remove(node);
            _proved.AddLast(node);
        }

        return LongestUnused(_unproved, mayHaveVerified: false);
    }

    private static SharedSource? LongestUnused(LinkedList<SharedSource> sources, bool mayHaveVerified)
    {
        var node = sources.First;
        for (var looks = 0; looks < MostLooks && node is not null; looks++, node = node.Next)
        {
            var source = node.Value.Source;
            if (source.CurrentFetch.IsCompleted && (mayHaveVerified || !source.HasVerified))
                return node.Value;
        }

        return sources.First?.Value;
    }
}
