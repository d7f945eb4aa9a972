namespace JwksAuth.Keys;

/// <summary>Where the verification keys of an issuer come from.</summary>
internal interface IKeySource
{
    /// <summary>Answers from memory, without waiting and without allocating.</summary>
    KeyLookup Find(KeyQuery query);

    /// <summary>Answers after a fetch, if one is allowed now or under way. Never throws for a fetch that failed.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up; the fetch itself goes on for the others.</exception>
    ValueTask<KeyLookup> FetchAsync(KeyFetch fetch, CancellationToken cancellationToken);

    /// <summary>Whether the key is still published by a set that is not too old to be trusted.</summary>
    bool IsCurrent(VerificationKey key);

    /// <summary>The keys in force; empty while there are none.</summary>
    IReadOnlyList<VerificationKey> Current { get; }

    /// <summary>True when the source has, or needs, no remote document.</summary>
    bool IsLoaded { get; }
}
