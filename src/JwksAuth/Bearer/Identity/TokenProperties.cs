using System.Collections;

namespace JwksAuth.Bearer.Identity;

/// <summary>The authentication properties of an accepted token, created on first access because most requests never read them.</summary>
internal sealed class TokenProperties(ValidatedToken token, bool storesToken) : IDictionary<string, string?>
{
    private IDictionary<string, string?>? _items;

    public ICollection<string> Keys => Items.Keys;

    public ICollection<string?> Values => Items.Values;

    public int Count => Items.Count;

    public bool IsReadOnly => false;

    private IDictionary<string, string?> Items => _items ?? Create();

    public string? this[string key]
    {
        get => Items[key];
        set => Items[key] = value;
    }

    public void Add(string key, string? value) => Items.Add(key, value);

    public void Add(KeyValuePair<string, string?> item) => Items.Add(item);

    public void Clear() => Items.Clear();

    public bool Contains(KeyValuePair<string, string?> item) => Items.Contains(item);

    public bool ContainsKey(string key) => Items.ContainsKey(key);

    public void CopyTo(KeyValuePair<string, string?>[] array, int arrayIndex) => Items.CopyTo(array, arrayIndex);

    public bool Remove(string key) => Items.Remove(key);

    public bool Remove(KeyValuePair<string, string?> item) => Items.Remove(item);

    public bool TryGetValue(string key, out string? value) => Items.TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<string, string?>> GetEnumerator() => Items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // Concurrent readers must see the same items.
    private IDictionary<string, string?> Create()
    {
        var properties = token.DescribeLifetime();
        if (storesToken)
            token.StoreToken(properties);
        return Interlocked.CompareExchange(ref _items, properties.Items, null) ?? properties.Items;
    }
}
