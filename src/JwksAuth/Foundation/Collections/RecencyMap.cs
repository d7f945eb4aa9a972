namespace JwksAuth.Foundation.Collections;

/// <summary>Values by key, in the order of their last use. Guarded by its owner's lock.</summary>
internal sealed class RecencyMap<TKey, TValue>(IEqualityComparer<TKey>? comparer = null)
    where TKey : notnull
    where TValue : class
{
    private readonly Dictionary<TKey, LinkedListNode<TValue>> _nodes = new(comparer);
    private readonly LinkedList<TValue> _byUse = [];

    public int Count => _nodes.Count;

    /// <summary>The values, least recently used first.</summary>
    public IEnumerable<TValue> Values => _byUse;

    /// <summary>The least recently used value; null if there is none.</summary>
    public TValue? Oldest => _byUse.First?.Value;

    /// <summary>Finds a value and makes it the most recently used one; null if it is not here.</summary>
    public TValue? Use(TKey key)
    {
        if (!_nodes.TryGetValue(key, out var node))
            return null;
        _byUse.Remove(node);
        _byUse.AddLast(node);
        return node.Value;
    }

    public void Add(TKey key, TValue value) => _nodes.Add(key, _byUse.AddLast(value));

    public TValue? Remove(TKey key)
    {
        if (!_nodes.Remove(key, out var node))
            return null;
        _byUse.Remove(node);
        return node.Value;
    }

    public void Clear()
    {
        _nodes.Clear();
        _byUse.Clear();
    }
}
