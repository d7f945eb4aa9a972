namespace JwksAuth.Fleet;

/// <summary>Existing infrastructure through which the replicas of an API share keys.</summary>
internal interface IFleetEngine
{
    TimeSpan Timeout { get; }

    /// <summary>Completes after the first attempt to reach the engine, even a failed one; until then it may answer slowly.</summary>
    Task FirstTry { get; }

    /// <summary>Joins the fleet for one source, without waiting for the engine.</summary>
    /// <param name="onChange">Called on any thread when the shared state may have changed. Must return at once.</param>
    IFleetSource Join(FleetSourceName name, TimeProvider time, Action onChange);
}

/// <summary>The shared state of one source: the last successful answer and the right to fetch. Every member may fail or hang.</summary>
internal interface IFleetSource : IAsyncDisposable
{
    Task<FleetState> ReadAsync(CancellationToken cancellationToken);

    /// <param name="terms">The required time since the fleet's last fetch that started the cooldown.</param>
    Task<FleetClaim> ClaimAsync(ClaimTerms terms, CancellationToken cancellationToken);

    /// <summary>Reports the end of a claimed fetch. The result of an earlier fetch never replaces that of a later one.</summary>
    /// <param name="version">The number from <see cref="FleetClaim.Version"/>.</param>
    /// <param name="document">The answer; null if the fetch failed.</param>
    /// <param name="beginsCooldown">Whether a cooldown starts at the start of this fetch.</param>
    Task CompleteAsync(long version, byte[]? document, bool beginsCooldown, CancellationToken cancellationToken);

    /// <summary>Returns the right to fetch as if it had not been claimed, because the result is not shared.</summary>
    /// <param name="version">The number from <see cref="FleetClaim.Version"/>.</param>
    Task ReturnAsync(long version, CancellationToken cancellationToken);

    /// <summary>Withdraws the keys from all replicas, and allows a fetch at once. Returns the new shared state.</summary>
    Task<FleetState> WithdrawAsync(CancellationToken cancellationToken);
}
