using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Keys.Remote;

/// <summary>The replicas of the API that share fetched keys.</summary>
internal interface IFleet
{
    /// <summary>Joins the fleet for one source, without waiting for it.</summary>
    /// <param name="state">The state of the source, updated when another replica fetches or withdraws keys.</param>
    IFleetMember Join(SourceState state, KeySetLoader loader, SourceTelemetry telemetry, CancellationToken stopping);
}

/// <summary>The membership of one replica for one source. Never fails: without an answer of the fleet, the source works alone.</summary>
internal interface IFleetMember : IAsyncDisposable
{
    /// <summary>The handovers in progress; completed if there are none.</summary>
    Task CurrentHandover { get; }

    /// <summary>Background work for the fleet that delays no fetch; completed if there is none.</summary>
    Task CurrentSharing { get; }

    /// <summary>Takes the keys that another replica has fetched, or claims the right to fetch.</summary>
    /// <param name="wanted">The key that a token needs; null for a fetch without a token.</param>
    ValueTask<FetchClaim> ClaimAsync(JwksFetchReason reason, KeyFetch? wanted);

    /// <summary>Reports the outcome of a fetch to the fleet, in the background.</summary>
    void HandOver(in SourceState.Step step, FetchClaim claim, KeySetLoad load, JwksFetchReason reason);

    void Withdraw(in SourceState.Step step);
}

/// <summary>A replica without a fleet.</summary>
internal sealed class LoneMember : IFleetMember
{
    public static LoneMember Instance { get; } = new();

    public Task CurrentHandover => Task.CompletedTask;

    public Task CurrentSharing => Task.CompletedTask;

    public ValueTask<FetchClaim> ClaimAsync(JwksFetchReason reason, KeyFetch? wanted) => new(FetchClaim.Alone);

    public void HandOver(in SourceState.Step step, FetchClaim claim, KeySetLoad load, JwksFetchReason reason)
    {
    }

    public void Withdraw(in SourceState.Step step)
    {
    }

    public ValueTask DisposeAsync() => default;
}
