using JwksAuth.Diagnostics;
using JwksAuth.Keys.Retrieval;
using JwksAuth.Keys.Sharing;

namespace JwksAuth.Keys;

/// <content>
/// What the source learns as one replica of a fleet: it takes what another has fetched, and forgets what another has withdrawn.
/// </content>
internal sealed partial class RemoteKeySource
{
    // How soon to ask an engine again that did not answer.
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    private readonly FleetSeat? _fleet;
    private TaskCompletionSource _nextWord = NewWord();
    private Task _following = Task.CompletedTask;
    private Task _withdrawal = Task.CompletedTask;
    private bool _hasWord;
    private long? _clearedAt;
    private long _withdrawnVersion;
    private long _refusedVersion;

    /// <summary>Whatever is under way because of the fleet and holds up no fetch; completed when there is nothing.</summary>
    public Task CurrentSharing
    {
        get
        {
            lock (_gate)
                return _following.IsCompleted && _withdrawal.IsCompleted && _handover.IsCompleted
                    ? Task.CompletedTask
                    : Task.WhenAll(_following, _withdrawal, _handover);
        }
    }

    private static TaskCompletionSource NewWord() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void OnFleetChange()
    {
        lock (_gate)
        {
            _hasWord = true;
            if (!_disposed && _following.IsCompleted)
                Follow();
        }
    }

    // Called under the gate.
    private void Follow()
    {
        using (ExecutionContext.SuppressFlow())
            _following = Task.Run(FollowAsync, CancellationToken.None);
    }

    private async Task FollowAsync()
    {
        while (TryTakeWord())
        {
            // A word may be of a revocation: unlike a request it can wait, and it must not be lost.
            while (await TakeOverAsync(FleetSeat.Unhurried) is null && !_stopping.IsCancellationRequested)
                await Task.Delay(AskAgain, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lock (_gate)
            {
                _nextWord.TrySetResult();
                _nextWord = NewWord();
            }
        }
    }

    private bool TryTakeWord()
    {
        lock (_gate)
        {
            if (!_hasWord || _disposed)
            {
                // Whoever brings a word from here on finds nobody following, and starts anew.
                _following = Task.CompletedTask;
                return false;
            }

            _hasWord = false;
            return true;
        }
    }

    private Task NextWord()
    {
        lock (_gate)
            return _nextWord.Task;
    }

    /// <summary>Takes what the fleet has, as far as it is news; null if the engine does not answer.</summary>
    private async Task<FleetState?> TakeOverAsync(FleetPatience patience)
    {
        // Taken before the question, so that what is read counts as rather older than it is.
        var askedAt = _time.GetTimestamp();
        if (await _fleet!.ReadAsync(patience) is not { } state)
            return null;

        var fetchedAt = _time.TimestampBefore(askedAt, state.Age);
        if (state.Document is { } document)
            Take(state, document, fetchedAt);
        else
            Forget(state, fetchedAt);
        return state;
    }

    private void Take(FleetState state, byte[] document, long fetchedAt)
    {
        KeySnapshot? before;
        lock (_gate)
        {
            if (!IsNews(state, fetchedAt) || !IsYoung(fetchedAt))
                return;
            before = _snapshot;
        }

        var load = SharedDocument.Read(document, _fleet!.Name) is { } shared
            ? _loader.Read(shared, fetchedAt, before?.Document)
            : KeySetLoad.Failed(FetchFailure.NotJson, "It is no key set of this source.");
        JwksRefreshResult? result;
        lock (_gate)
        {
            if (!IsNews(state, fetchedAt))
                return;
            _refusedVersion = load.Document is null ? state.Version : 0;
            result = Apply(load, _snapshot, fetchedAt, fetchedAt, state.Version);
            if (load.Document is not null)
            {
                _history.RecordShared(state.Age);
                ScheduleByAge(_snapshot!);
            }
        }

        FetchReport.Shield(() => Report(load, result));
    }

    private void Report(KeySetLoad load, JwksRefreshResult result)
    {
        if (load.Failure is { } failure)
            _telemetry.SharedKeysRefused(failure.ToWord(), load.Error!);
        else if (result.Outcome == JwksRefreshOutcome.Changed)
            _telemetry.SharedKeysTaken(load.Document!.Set.Keys.Count, result.AddedKeyIds.Count, result.RemovedKeyIds.Count);
    }

    /// <summary>Makes the whole fleet forget. Until that is done, this replica works alone.</summary>
    private async Task WithdrawAsync()
    {
        if (await _fleet!.WithdrawAsync() is not { } withdrawn)
        {
            FetchReport.Shield(_telemetry.FleetNotTold);
            return;
        }

        lock (_gate)
        {
            _withdrawnVersion = withdrawn.Version;
            _refusedVersion = 0;
            _clearedAt = null;
        }
    }

    private void Forget(FleetState state, long withdrawnAt)
    {
        bool isLoss;
        lock (_gate)
        {
            // A withdrawal of our own has been done here already.
            if (!_withdrawal.IsCompleted || !IsNews(state, withdrawnAt))
                return;
            _withdrawnVersion = state.Version;
            _refusedVersion = 0;
            isLoss = _snapshot is not null;
            ClearUnderGate();
        }

        if (isLoss)
            FetchReport.Shield(_telemetry.SharedKeysWithdrawn);
    }

    private bool IsNews(FleetState state, long fetchedAt) =>
        !_disposed
        && state.Version > _withdrawnVersion
        && state.Version != _refusedVersion
        && (_clearedAt is not { } clearedAt || fetchedAt > clearedAt)
        && (_snapshot is not { } snapshot || (snapshot.Version is { } own ? state.Version > own : fetchedAt > snapshot.BegunAt));

    private bool IsYoung(long fetchedAt) => _tuning.MaximumAge is not { } maximumAge || _time.GetElapsedTime(fetchedAt) < maximumAge;

    private void ScheduleByAge(KeySnapshot snapshot)
    {
        var delay = RefreshSchedule.AfterSuccess(_tuning.RefreshInterval, snapshot.FreshFor, Random.Shared.NextDouble());
        var remaining = delay - _time.GetElapsedTime(snapshot.ConfirmedAt);
        ScheduleIn(remaining > AskAgain ? remaining : AskAgain);
    }
}
