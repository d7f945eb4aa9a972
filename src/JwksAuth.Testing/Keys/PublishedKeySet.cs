using System.Text.Json.Nodes;

namespace JwksAuth.Testing;

/// <summary>The keys of one issuer: those that it publishes, in the order of publication, and the one that signs.</summary>
internal sealed class PublishedKeySet(string kidPrefix, string defaultAlg)
{
    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];
    private FakeSigningKey? _current;
    private int _created;

    internal FakeSigningKey Current
    {
        get
        {
            lock (_lock)
                return _current ?? throw new InvalidOperationException("The issuer has no signing key.");
        }
    }

    internal IReadOnlyList<FakeSigningKey> Published
    {
        get
        {
            lock (_lock)
                return [.. _entries.Select(entry => entry.Key).OfType<FakeSigningKey>()];
        }
    }

    internal FakeSigningKey Create(string? alg, string? kid) =>
        FakeSigningKey.Create(alg ?? defaultAlg, kid ?? $"{kidPrefix}key-{Interlocked.Increment(ref _created)}");

    internal void Publish(FakeSigningKey key)
    {
        lock (_lock)
        {
            if (!_entries.Exists(entry => entry.Key == key))
                _entries.Add(new Entry(key, Raw: null));
        }
    }

    internal void PublishRaw(JsonObject jwk)
    {
        lock (_lock)
            _entries.Add(new Entry(Key: null, (JsonObject)jwk.DeepClone()));
    }

    internal void Promote(FakeSigningKey key)
    {
        lock (_lock)
            _current = key;
    }

    internal bool Withdraw(FakeSigningKey key) => Remove(entry => entry.Key == key);

    internal bool Withdraw(string kid) => Remove(entry => entry.HasKeyId(kid));

    internal void Replace(IReadOnlyList<FakeSigningKey> keys)
    {
        lock (_lock)
        {
            _entries.Clear();
            _entries.AddRange(keys.Select(key => new Entry(key, Raw: null)));
            _current = keys[0];
        }
    }

    internal JsonObject ToJsonWebKeySet()
    {
        Entry[] entries;
        lock (_lock)
            entries = [.. _entries];

        return new JsonObject { ["keys"] = new JsonArray([.. entries.Select(entry => entry.ToJwk())]) };
    }

    private bool Remove(Predicate<Entry> match)
    {
        lock (_lock)
            return _entries.RemoveAll(match) > 0;
    }

    /// <summary>Either a key pair of the issuer or a JWK that a test supplies.</summary>
    private sealed record Entry(FakeSigningKey? Key, JsonObject? Raw)
    {
        internal JsonNode ToJwk() => Key?.ToJwk() ?? Raw!.DeepClone();

        internal bool HasKeyId(string kid) =>
            Key?.KeyId == kid || (Raw?["kid"] is JsonValue value && value.TryGetValue<string>(out var rawKid) && rawKid == kid);
    }
}
