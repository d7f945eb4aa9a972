using JwksAuth.Keys;

namespace JwksAuth.Tests;

/// <summary>A source that returns the results that a test sets, and records its calls.</summary>
internal sealed class ScriptedKeySource : IKeySource
{
    private readonly Queue<KeyLookupResult> _found = new();
    private readonly Queue<KeyLookupResult> _fetched = new();

    public List<(bool HasKeyId, string KeyId, SignatureAlgorithm Algorithm, string CertificateThumbprint)> Questions { get; } = [];

    public List<KeyFetch> Fetches { get; } = [];

    public IReadOnlyList<VerificationKey> Current => [];

    public bool IsLoaded => true;

    public ScriptedKeySource Finds(KeyLookupResult answer)
    {
        _found.Enqueue(answer);
        return this;
    }

    public ScriptedKeySource Fetched(KeyLookupResult answer)
    {
        _fetched.Enqueue(answer);
        return this;
    }

    public KeyLookupResult Find(KeyQuery query)
    {
        Questions.Add((query.HasKeyId, query.KeyId.ToString(), query.Algorithm, query.CertificateThumbprint.ToString()));
        return _found.Dequeue();
    }

    public ValueTask<KeyLookupResult> FetchAsync(KeyFetch fetch, CancellationToken cancellationToken)
    {
        Fetches.Add(fetch);
        return new(_fetched.Dequeue());
    }

    public bool IsCurrent(VerificationKey key) => true;
}
