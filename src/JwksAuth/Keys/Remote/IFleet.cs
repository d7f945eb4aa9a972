
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Keys.Remote;

/// <summary>The replicas of the API, where they share what they fetch.</summary>
internal interface IFleet
{
    /// <summary>Makes this replica a member for one source, without waiting for the others.</summary>
    /// <param name="state">The state of the source, which the member changes when another replica has fetched or withdrawn keys.</param>
    /// <param name="loader">Reads what others have fetched.</param>
    /// <param name="telemetry">What the source reports to.</param>
    /// <param name="stopping">Set when the source is closed.</param>
    IFleetMember Join(SourceState state, KeySetLoader loader, SourceTelemetry telemetry, CancellationToken stopping);
}

/// <summary>One replica as a member of the fleet, for one source. Never fails: where the fleet does not answer, the source goes on alone.</summary>
internal interface IFleetMember : IAsyncDisposable
{
    /// <summary>What was handed over and has not arrived yet; completed when there is nothing.</summary>
    Task CurrentHandover { get; }

    /// <summary>Whatever is under way because of the fleet and delays no fetch; completed when there is nothing.</summary>
    Task CurrentSharing { get; }

    /// <summary>Takes what another replica has fetched, or claims the right to fetch.</summary>
    /// <param name="reason">Why there is to be a fetch.</param>
    /// <param name="wanted">The key that a token waits for; null if no token does.</param>
    ValueTask<FetchClaim> ClaimAsync(JwksFetchReason reason, KeyFetch? wanted);

    /// <summary>Tells the fleet how a fetch ended, while the requests that waited for it go on.</summary>
    /// <param name="step">The step that ends the fetch.</param>
    /// <param name="claim">What the fetch was made with.</param>
    /// <param name="load">What it brought.</param>
    /// <param name="reason">Why it was made.</param>
    void HandOver(in SourceState.Step step, FetchClaim claim, KeySetLoad load, JwksFetchReason reason);

    /// <summary>Makes the whole fleet forget the keys, in the step that forgets them here.</summary>
    void Withdraw(in SourceState.Step step);
}

/// <summary>A replica that shares nothing.</summary>
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
