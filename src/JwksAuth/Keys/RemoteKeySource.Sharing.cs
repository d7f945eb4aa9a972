using JwksAuth.Diagnostics;
using JwksAuth.Keys.Retrieval;
using JwksAuth.Keys.Sharing;

namespace JwksAuth.Keys;

/// <content>
/// What the source does as one replica of a fleet: it takes what another has fetched, asks for the right to fetch, and hands on what it
/// fetched itself. Where the fleet has no answer, the source goes on as if it were alone.
/// </content>
internal sealed partial class RemoteKeySource
{
    // For engines that bring no word: how often to look whether the fetch of another replica is over, and how soon to ask an engine again.
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);
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
                return Task.WhenAll(_following, _withdrawal);
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

    private async Task<FleetTurn> TakeTurnAsync(JwksFetchReason reason, KeyFetch? wanted)
    {
        if (_fleet is null || !_withdrawal.IsCompleted)
            return FleetTurn.Alone;

        var patience = _fleet.NewPatience();
        if (reason != JwksFetchReason.Operator)
        {
            if (await TakeOverAsync(patience) is null)
                return FleetTurn.Alone;
            if (IsAnswered(wanted))
                return FleetTurn.Answered;
        }

        // What others fetch is of no use here: waiting for it would cost good tokens.
        if (_refusedVersion != 0)
            return FleetTurn.Alone;

        var claim = await _fleet.ClaimAsync(ClaimIntervalOf(reason), patience);
        if (claim is null)
            return FleetTurn.Alone;
        if (claim.Version is { } version)
            return FleetTurn.Ours(version, patience);
        if (claim.IsUnderWay)
            return await IsOverInTimeAsync() ? FleetTurn.Others(_tuning.Window) : FleetTurn.Alone;

        // The fetch that closed the window may have ended since we looked.
        await TakeOverAsync(patience);
        return IsAnswered(wanted) ? FleetTurn.Answered : FleetTurn.Others(claim.OpensIn);
    }

    // Without keys every request waits for the issuer to answer, so the fleet asks as often as one replica would.
    private TimeSpan ClaimIntervalOf(JwksFetchReason reason) => reason switch
    {
        JwksFetchReason.Operator => TimeSpan.Zero,
        JwksFetchReason.Token => _tuning.Window,
        _ => _snapshot is { } snapshot && IsFresh(snapshot) ? _tuning.Window : RefreshSchedule.AfterFailedStart(1),
    };

    private bool IsAnswered(KeyFetch? wanted) => wanted is { } fetch
        ? Find(fetch.Query).Status == KeyLookupStatus.Found
        : _snapshot is { } snapshot
            && !RefreshSchedule.IsDue(_tuning.RefreshInterval, snapshot.FreshFor, _time.GetElapsedTime(snapshot.ConfirmedAt));

    /// <summary>Waits for the fetch of another replica, and takes what it brought; false if that replica or the engine is gone.</summary>
    private async Task<bool> IsOverInTimeAsync()
    {
        var startedAt = _time.GetTimestamp();
        while (_time.GetElapsedTime(startedAt) < _tuning.Timeout && !_stopping.IsCancellationRequested)
        {
            var word = NextWord();
            if (await TakeOverAsync(_fleet!.NewPatience()) is not { } state)
                return false;
            if (!state.IsUnderWay)
                return true;
            await word.WaitAsync(LookAgain, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return false;
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
            result = Apply(load, _snapshot, fetchedAt, state.Version);
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
            return;
        lock (_gate)
        {
            _withdrawnVersion = withdrawn.Version;
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
            isLoss = _snapshot is not null;
            ClearUnderGate();
        }

        if (isLoss)
            FetchReport.Shield(_telemetry.SharedKeysWithdrawn);
    }

    // Two fetches of the fleet are told apart by their numbers; one made alone has none, and is told apart by its time.
    private bool IsNews(FleetState state, long fetchedAt) =>
        !_disposed
        && state.Version > _withdrawnVersion
        && state.Version != _refusedVersion
        && (_clearedAt is not { } clearedAt || fetchedAt > clearedAt)
        && (_snapshot is not { } snapshot || (snapshot.Version is { } own ? state.Version > own : fetchedAt > snapshot.ConfirmedAt));

    private bool IsYoung(long fetchedAt) => _tuning.MaximumAge is not { } maximumAge || _time.GetElapsedTime(fetchedAt) < maximumAge;

    /// <summary>Ends a flight that needed no fetch of our own.</summary>
    private JwksRefreshResult LandWithoutFetch(FleetTurn turn, KeySnapshot? before)
    {
        lock (_gate)
        {
            _flight = null;
            if (_disposed)
                return JwksRefreshResult.Failed(Identity, null);

            if (turn.OpensIn is { } opensIn)
                _window.Close(opensIn, _tuning.Window);
            else
                _window.Reset();

            if (_snapshot is not { } snapshot)
            {
                ScheduleIn(RefreshSchedule.AfterFailedStart(1));
                return JwksRefreshResult.Failed(Identity, "Another replica has just asked the issuer, in vain.");
            }

            if (IsAnswered(wanted: null))
                ScheduleByAge(snapshot);
            else
                ScheduleIn(RefreshSchedule.AfterRefusal(_tuning.Window, Random.Shared.NextDouble()));
            return JwksRefreshResult.Succeeded(Identity, before?.Set, snapshot.Set);
        }
    }

    private void ScheduleByAge(KeySnapshot snapshot)
    {
        var delay = RefreshSchedule.AfterSuccess(_tuning.RefreshInterval, snapshot.FreshFor, Random.Shared.NextDouble());
        var remaining = delay - _time.GetElapsedTime(snapshot.ConfirmedAt);
        ScheduleIn(remaining > AskAgain ? remaining : AskAgain);
    }

    private Task CompleteAsync(FleetTurn turn, KeySetLoad load)
    {
        if (turn.Version is not { } version)
            return Task.CompletedTask;

        var document = load.Document is { Body: { } body } good
            ? new SharedDocument(good.Address, body, good.Metadata?.Write(), MetadataAge(good), good.ETag, load.FreshFor).Write(_fleet!.Name)
            : null;
        return _fleet!.CompleteAsync(version, document, turn.Patience!);
    }

    private TimeSpan MetadataAge(KeySetDocument document) =>
        document.Metadata is { } metadata ? _time.GetElapsedTime(metadata.RetrievedAt) : TimeSpan.Zero;
}
