namespace JwksAuth.Keys;

/// <summary>A source of an issuer's verification keys.</summary>
internal interface IKeySource
{
    /// <summary>Finds keys in memory, without waiting or allocating.</summary>
    KeyLookupResult Find(KeyQuery query);

    /// <summary>Finds keys after a fetch, if one is in progress or allowed now. Does not throw if the fetch fails.</summary>
    ValueTask<KeyLookupResult> FetchAsync(KeyFetch fetch, CancellationToken cancellationToken);

    bool IsCurrent(VerificationKey key);

    /// <summary>The keys in use; empty if there are none.</summary>
    IReadOnlyList<VerificationKey> Current { get; }

    bool IsLoaded { get; }
}
