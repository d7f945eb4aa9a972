using System.Diagnostics.CodeAnalysis;

namespace JwksAuth.Keys.Registry;

/// <summary>
/// Sources of issuers or clients that are known only at run time, up to a limit. A new one always finds room: of those that have never verified anything
/// the longest unused leaves, and where all have, the longest unused of them. Guarded by its owner's lock.
/// </summary>
internal sealed class OnTheFlySources
{
    public const int DefaultLimit = 1000;

    /// <summary>How long a source is kept and refreshed after it last verified something.</summary>
    public static readonly TimeSpan IdleLifetime = TimeSpan.FromMinutes(15);

    // To leave one that fetches right now in place costs a look at the next: a bounded number, as a flood would make it look at all of them.
    private const int MostLooks = 16;

    private readonly Dictionary<KeySourceIdentity, LinkedListNode<SharedSource>> _sources = [];
    private readonly Dictionary<object, int> _limits = new(ReferenceEqualityComparer.Instance);

    // The longest unused first.
    private readonly LinkedList<SharedSource> _unproved = [];
    private readonly LinkedList<SharedSource> _proved = [];

    public IEnumerable<SharedSource> All => _sources.Values.Select(node => node.Value);

    /// <summary>The most sources that are kept: the largest number that any user asked for.</summary>
    public int Limit { get; private set; } = DefaultLimit;

    /// <summary>Lets a user have a say in the limit until it is released.</summary>
    public void AskForLimit(object user, int limit)
    {
        if (_limits.GetValueOrDefault(user) == limit)
            return;
        _limits[user] = limit;
        Limit = _limits.Values.Max();
    }

    /// <summary>Forgets what a user asked for.</summary>
    public void Release(object user)
    {
        if (_limits.Remove(user))
            Limit = _limits.Count == 0 ? DefaultLimit : _limits.Values.Max();
    }

    public bool TryGet(KeySourceIdentity identity, [NotNullWhen(true)] out SharedSource? shared)
    {
        shared = null;
        if (!_sources.TryGetValue(identity, out var node))
            return false;

        shared = node.Value;
        var list = node.List!;
        list.Remove(node);
        list.AddLast(node);
        return true;
    }

    public void Add(KeySourceIdentity identity, SharedSource shared) => _sources[identity] = _unproved.AddLast(shared);

    /// <summary>The source that is to leave so that there is room for another; null while there is room.</summary>
    public SharedSource? MakeRoom()
    {
        if (_sources.Count < Limit)
            return null;

        return Take((Unproved() ?? LongestUnused(_proved, mayHaveVerified: true)!).Source.Identity);
    }

    /// <summary>Takes a source out; null if it is not here.</summary>
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

    // Who has verified something is found out only now, and moves over.
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
