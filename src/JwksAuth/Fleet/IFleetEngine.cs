namespace JwksAuth.Fleet;

/// <summary>Infrastructure that is already running, on which the replicas of an API share what they know of their issuers.</summary>
internal interface IFleetEngine
{
    /// <summary>How long all questions of one fetch may take together, before the replica goes on alone.</summary>
    TimeSpan Timeout { get; }

    /// <summary>Completes when the engine has been tried for the first time, whatever came of it: before, it may answer more slowly than later.</summary>
    Task FirstTry { get; }

    /// <summary>Joins the fleet for one source, without waiting for the engine.</summary>
    /// <param name="name">The source, the same on every replica.</param>
    /// <param name="time">The clock of the source.</param>
    /// <param name="onChange">Called, on any thread, when what the fleet shares may have changed. Must return at once.</param>
    IFleetSource Join(FleetSourceName name, TimeProvider time, Action onChange);
}

/// <summary>
/// What the replicas share about one source: the last good answer with its age, and the right to fetch now. Every member may fail or hang; the
/// caller is prepared for both.
/// </summary>
internal interface IFleetSource : IAsyncDisposable
{
    /// <summary>The last good answer of the fleet.</summary>
    Task<FleetState> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Asks for the right to fetch now, and takes it.</summary>
    /// <param name="terms">What must have passed since the last fetch of the fleet that began the cooldown.</param>
    /// <param name="cancellationToken">The caller gave up.</param>
    Task<FleetClaim> ClaimAsync(ClaimTerms terms, CancellationToken cancellationToken);

    /// <summary>Tells the fleet how a claimed fetch ended. What an earlier fetch brought never replaces what a later one brought.</summary>
    /// <param name="version">The number from <see cref="FleetClaim.Version"/>.</param>
    /// <param name="document">The good answer; null if the fetch failed.</param>
    /// <param name="beginsCooldown">Whether tokens must wait, from the start of this fetch, before they may cause another.</param>
    /// <param name="cancellationToken">The caller gave up.</param>
    Task CompleteAsync(long version, byte[]? document, bool beginsCooldown, CancellationToken cancellationToken);

    /// <summary>Returns the right to fetch, as if it had not been taken, where the other replicas will not get what the fetch brought.</summary>
    /// <param name="version">The number from <see cref="FleetClaim.Version"/>.</param>
    /// <param name="cancellationToken">The caller gave up.</param>
    Task ReturnAsync(long version, CancellationToken cancellationToken);

    /// <summary>Makes every replica forget its keys, and lets the next of them fetch at once. Returns what the fleet holds from now on.</summary>
    Task<FleetState> WithdrawAsync(CancellationToken cancellationToken);
}
