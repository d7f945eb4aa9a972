using JwksAuth.Foundation.Collections;

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

    private readonly Dictionary<object, int> _limits = new(ReferenceEqualityComparer.Instance);
    private readonly RecencyMap<KeySourceIdentity, SharedSource> _unproved = new();
    private readonly RecencyMap<KeySourceIdentity, SharedSource> _proved = new();

    public IEnumerable<SharedSource> All => _unproved.Values.Concat(_proved.Values);

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

    public SharedSource? Find(KeySourceIdentity identity) => _unproved.Use(identity) ?? _proved.Use(identity);

    public void Add(KeySourceIdentity identity, SharedSource shared) => _unproved.Add(identity, shared);

    /// <summary>Chooses the source to evict; null while there is room.</summary>
    public SharedSource? MakeRoom() => _unproved.Count + _proved.Count < Limit
        ? null
        : Take((Unproved() ?? LongestUnused(_proved, mayHaveVerified: true)!).Source.Identity);

    public SharedSource? Take(KeySourceIdentity identity) => _unproved.Remove(identity) ?? _proved.Remove(identity);

    public void Clear()
    {
        _unproved.Clear();
        _proved.Clear();
    }

    // Moves sources that have verified a token since the last look.
    private SharedSource? Unproved()
    {
        while (_unproved.Oldest is { Source.HasVerified: true } proved)
        {
            _unproved.Remove(proved.Source.Identity);
            _proved.Add(proved.Source.Identity, proved);
        }

        return LongestUnused(_unproved, mayHaveVerified: false);
    }

    private static SharedSource? LongestUnused(RecencyMap<KeySourceIdentity, SharedSource> sources, bool mayHaveVerified) =>
        sources.Values.Take(MostLooks).FirstOrDefault(
            shared => shared.Source.CurrentFetch.IsCompleted && (mayHaveVerified || !shared.Source.HasVerified)) ?? sources.Oldest;
}
