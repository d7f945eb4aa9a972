using JwksAuth.Keys.Reading;
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Keys.Remote;

/// <summary>Fetches the keys of one source, one fetch at a time: at start-up, on schedule, for tokens and for operators.</summary>
internal sealed class KeyFetcher : IAsyncDisposable
{
    private readonly KeySetLoader _loader;
    private readonly SourceTelemetry _telemetry;
    private readonly IFleetMember _fleet;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private Task<JwksRefreshResult>? _queuedRefresh;

    public KeyFetcher(
        KeySourceIdentity identity, KeySourceTuning tuning, KeySetLoader loader, SourceTelemetry telemetry, IFleet? fleet,
        SourceRemains? remains)
    {
        _loader = loader;
        _telemetry = telemetry;
        _time = identity.Time;
        State = new SourceState(identity, tuning, remains, StartScheduled);
        _fleet = fleet?.Join(State, loader, telemetry, _stopping.Token) ?? LoneMember.Instance;
    }

    public SourceState State { get; }

    /// <inheritdoc cref="IFleetMember.CurrentSharing"/>
    public Task CurrentSharing => _fleet.CurrentSharing;

    /// <summary>Whether a token caused the fetch in progress. Accessed only in a step of the state.</summary>
    public bool IsCausedByToken { get; private set; }

    /// <summary>Starts a fetch in a step of the state. No other fetch may be in progress.</summary>
    public Task<JwksRefreshResult> Start(in SourceState.Step step, JwksFetchReason reason, KeyFetch? wanted = null)
    {
        IsCausedByToken = reason == JwksFetchReason.Token;
        if (IsCausedByToken)
            step.Cooldown.BeginAt(_time.GetTimestamp());

        // A fetch must not capture the context of the request that started it.
        using (ExecutionContext.SuppressFlow())
            return step.BeginFetch(Task.Run(() => FetchAsync(reason, wanted), CancellationToken.None));
    }

    /// <summary>Fetches for an operator. Callers share a fetch that has not started yet.</summary>
    public Task<JwksRefreshResult> RefreshAsync()
    {
        using var step = State.Enter();
        using (ExecutionContext.SuppressFlow())
            return _queuedRefresh ??= Task.Run(RefreshAfterCurrentFetchAsync, CancellationToken.None);
    }

    public void Clear()
    {
        using var step = State.Enter();
        if (step.IsClosed)
            return;
        step.Clear();
        _fleet.Withdraw(step);
    }

    /// <summary>Cancels the fetch in progress, and waits until it is reported.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await State.LastFetch;
        await _fleet.CurrentSharing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _fleet.DisposeAsync();
        _stopping.Dispose();
    }

    private void StartScheduled()
    {
        Func<bool>? tryRetire;
        using (var step = State.Enter())
            tryRetire = step.Schedule.TryRetire;

        // Outside the lock, because closing the source takes it as well.
        if (tryRetire?.Invoke() != true)
            StartBackgroundFetch();
    }

    private void StartBackgroundFetch()
    {
        using var step = State.Enter();
        if (step.Fetch is not null || step.IsClosed)
            return;
        if (step.MayFetchByItself)
            Start(step, JwksFetchReason.Schedule);
        else
            step.Schedule.End();
    }

    private async Task<JwksRefreshResult> RefreshAfterCurrentFetchAsync()
    {
        while (true)
        {
            Task<JwksRefreshResult> fetch;
            bool isOurs;
            using (var step = State.Enter())
            {
                if (step.IsClosed)
                    return JwksRefreshResult.Failed(State.Identity, "The source is no longer in use.");

                // A fetch in progress does not count: it may have read the issuer before the change that the operator wants.
                isOurs = step.Fetch is null;
                if (isOurs)
                    _queuedRefresh = null;
                fetch = step.Fetch ?? Start(step, JwksFetchReason.Operator);
            }

            var result = await fetch;
            if (!isOurs)
                continue;

            // The operator may end the process next, so the other replicas must be informed first.
            await _fleet.CurrentHandover;
            return result;
        }
    }

    // Never faults: a fetch that never ends would block all later ones.
    private async Task<JwksRefreshResult> FetchAsync(JwksFetchReason reason, KeyFetch? wanted)
    {
        try
        {
            var known = State.Snapshot;
            var claim = await _fleet.ClaimAsync(reason, wanted);
            if (!claim.IsGranted)
                return EndWithoutAttempt(claim, known, reason);

            var report = FetchReport.Start(_telemetry, reason, _time);
            while (true)
            {
                var attempt = BeginAttempt(reason, wanted);
                var load = await _loader.LoadAsync(attempt.Request, _stopping.Token);
                if (EndAttempt(attempt, load, claim, report) is { } result)
                {
                    if (load.Failure != FetchFailure.Stopped)
                        report.Complete(load, result, State.Read()?.Size ?? 0, State.IsIssuerConfirmed);
                    return result;
                }

                claim = FetchClaim.Alone;
            }
        }
        catch (Exception exception)
        {
            using var step = State.Enter();
            step.EndFetch();
            step.Cooldown.BeginAt(_time.GetTimestamp());
            if (!step.IsClosed)
                step.Schedule.AfterFailure(1, State.Tuning.Cooldown, State.Snapshot is not null);
            return JwksRefreshResult.Failed(State.Identity, $"The fetch failed ({exception.GetType().Name}).");
        }
    }

    private FetchAttempt BeginAttempt(JwksFetchReason reason, KeyFetch? wanted)
    {
        // The fleet's answer takes time, and a clear restarts the fetch: the cooldown starts with the latest request to the issuer.
        using var step = State.Enter();
        var begunAt = _time.GetTimestamp();
        if (reason == JwksFetchReason.Token)
            step.Cooldown.BeginAt(begunAt);
        var clears = step.Clears;
        var request = new KeySetRequest(State.Snapshot?.Document, State.Metadata, State.Tuning.Timeout, reason)
        {
            MetadataIsSuspect = step.History.FailuresInARow > 0 || step.Metadata.IsSuspect,
            Wanted = wanted,
            NeedsKeys = State.NeedsKeys,
            MetadataFound = metadata => State.TakeMetadata(metadata, clears),
        };
        return new FetchAttempt(request, State.Snapshot, clears, begunAt);
    }

    /// <summary>
    /// Applies the result; null if the keys were cleared meanwhile, because the answer may be older than the reason for that.
    /// </summary>
    private JwksRefreshResult? EndAttempt(FetchAttempt attempt, KeySetLoad load, FetchClaim claim, FetchReport report)
    {
        using var step = State.Enter();
        if (attempt.Clears != step.Clears && !step.IsClosed)
            return null;

        step.EndFetch();
        if (step.IsClosed)
            return JwksRefreshResult.Failed(State.Identity, load.Error);

        // After a failure of any fetch, tokens must not hammer the issuer.
        if (load.Failure is not null)
            step.Cooldown.BeginAt(attempt.BegunAt);
        if (load.RetryAfter is { } retryAfter)
            step.Cooldown.Defer(retryAfter);
        _fleet.HandOver(step, claim, load, report.Reason);
        var result = step.Apply(load, attempt.Before, attempt.BegunAt, _time.GetTimestamp(), claim.Version);
        step.History.Record(report.Reason, result, report.Elapsed);
        if (load.Failure is null)
            step.Schedule.AfterSuccess(State.Tuning.RefreshInterval, load.FreshFor, load.RetryAfter);
        else
            step.Schedule.AfterFailure(step.History.FailuresInARow, State.Tuning.Cooldown, State.Snapshot is not null, load.RetryAfter);
        return result;
    }

    /// <summary>Ends a fetch without a request, because another replica has fetched.</summary>
    private JwksRefreshResult EndWithoutAttempt(FetchClaim claim, KeySnapshot? before, JwksFetchReason reason)
    {
        using var step = State.Enter();
        step.EndFetch();
        if (step.IsClosed)
            return JwksRefreshResult.Failed(State.Identity, null);

        if (claim.RetryIn is { } retryIn)
            step.Cooldown.EndIn(retryIn, State.Tuning.Cooldown);
        else if (reason == JwksFetchReason.Token)
            step.Cooldown.Reset();

        if (State.Snapshot is not { } snapshot)
        {
            step.Schedule.AfterFailure(1, State.Tuning.Cooldown, hasKeys: false);
            return JwksRefreshResult.Failed(State.Identity, "Another replica has just failed to fetch the keys.");
        }

        if (State.Answers(wanted: null))
            step.Schedule.ByAge(snapshot, State.Tuning.RefreshInterval);
        else
            step.Schedule.In(RefreshDelays.AfterRefusal(State.Tuning.Cooldown, Random.Shared.NextDouble()));
        return JwksRefreshResult.Succeeded(State.Identity, before?.Set, snapshot.Set);
    }

    private sealed record FetchAttempt(KeySetRequest Request, KeySnapshot? Before, int Clears, long BegunAt);
}
