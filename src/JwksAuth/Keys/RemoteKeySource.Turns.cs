using JwksAuth.Keys.Retrieval;
using JwksAuth.Keys.Sharing;

namespace JwksAuth.Keys;

/// <content>
/// What the source does before and after a fetch as one replica of a fleet: it asks for the right to fetch, and hands on what it fetched.
/// Where the fleet has no answer, the source goes on as if it were alone.
/// </content>
internal sealed partial class RemoteKeySource
{
    // For engines that bring no word: how often to look whether the fetch of another replica is over.
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    // What another replica fetched may be from before the key was published, and what it fetches next too. Whoever comes so late goes on alone.
    private const int MostLooks = 4;

    private Task _handover = Task.CompletedTask;

    private Task CurrentHandover
    {
        get
        {
            lock (_gate)
                return _handover;
        }
    }

    private async Task<FleetTurn> TakeTurnAsync(JwksFetchReason reason, KeyFetch? wanted)
    {
        if (_fleet is null || !NeedsKeys || !_withdrawal.IsCompleted)
            return FleetTurn.Alone;
        if (reason == JwksFetchReason.Start)
            await _fleet.WaitForFirstTryAsync();
        if (reason == JwksFetchReason.Operator)
            return await _fleet.ClaimAsync(FleetPace.AtOnce, _fleet.NewOperatorPatience()) is { Version: { } at } ? FleetTurn.Ours(at) : FleetTurn.Alone;

        var pace = PaceOf(reason);
        var patience = _fleet.NewPatience();
        var hasWaited = false;
        for (var looks = 0; looks < MostLooks; looks++)
        {
            if (await TakeOverAsync(patience) is not { } state)
                return FleetTurn.Alone;
            if (IsAnswered(wanted))
                return FleetTurn.Answered;

            // The fetch of another replica that this one waited for has failed.
            if (hasWaited && state.Version == pace.Seen)
                return FleetTurn.Others(_tuning.Window);
            pace = pace with { Seen = state.Version };
            if (await _fleet.ClaimAsync(pace, patience) is not { } claim)
                return FleetTurn.Alone;
            if (claim.Version is { } version)
                return FleetTurn.Ours(version);

            // What others fetch is of no use here: waiting for it would cost good tokens. A fetch of our own may replace what is of no use to anybody.
            if (_refusedVersion != 0)
                return FleetTurn.Alone;
            if (!claim.IsUnderWay && claim.OpensIn > TimeSpan.Zero)
                return FleetTurn.Others(claim.OpensIn);

            // A replica that does not end its fetch in time is gone, or slower than a fetch may be. One of those that waited replaces it, and the others
            // wait for that one: if all went on alone, one replica that dies would cost a fetch of each.
            hasWaited = claim.IsUnderWay && await WaitForOthersAsync();
            if (claim.IsUnderWay && !hasWaited)
                pace = pace with { UnderWay = _tuning.Timeout };
            patience = _fleet.NewPatience();
        }

        return FleetTurn.Alone;
    }

    // Without keys every request waits for the issuer to answer, so the fleet asks as often as one replica would.
    private FleetPace PaceOf(JwksFetchReason reason)
    {
        var hasKeys = _snapshot is { } snapshot && IsFresh(snapshot);
        var interval = reason == JwksFetchReason.Token || hasKeys ? _tuning.Window : RefreshSchedule.AfterFailedStart(1);
        return new FleetPace(interval, interval > _tuning.Timeout ? interval : _tuning.Timeout, Seen: 0);
    }

    private bool IsAnswered(KeyFetch? wanted) => !IsMetadataSuspect && IsAnsweredByKeys(wanted);

    private bool IsAnsweredByKeys(KeyFetch? wanted) => wanted is { } fetch
        ? Find(fetch.ToQuery()) is { Status: KeyLookupStatus.Found } found && IsNews(found, fetch)
        : _snapshot is { } snapshot
            && !RefreshSchedule.IsDue(_tuning.RefreshInterval, snapshot.FreshFor, _time.GetElapsedTime(snapshot.ConfirmedAt));

    /// <summary>Waits for the fetch of another replica, and takes what it brought; false if it does not end in time.</summary>
    private async Task<bool> WaitForOthersAsync()
    {
        var startedAt = _time.GetTimestamp();
        while (_time.GetElapsedTime(startedAt) < _tuning.Timeout && !_stopping.IsCancellationRequested)
        {
            var word = NextWord();
            if (await TakeOverAsync(_fleet!.NewPatience()) is not { IsUnderWay: true } || _refusedVersion != 0)
                return true;
            await word.WaitAsync(LookAgain, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return false;
    }

    /// <summary>Ends a flight that needed no fetch of our own.</summary>
    private JwksRefreshResult LandWithoutFetch(FleetTurn turn, KeySnapshot? before, JwksFetchReason reason)
    {
        lock (_gate)
        {
            _flight = null;
            if (_disposed)
                return JwksRefreshResult.Failed(Identity, null);

            if (turn.OpensIn is { } opensIn)
                _window.Close(opensIn, _tuning.Window);
            else if (reason == JwksFetchReason.Token)
                _window.Reset();

            if (_snapshot is not { } snapshot)
            {
                ScheduleAfterFailure();
                return JwksRefreshResult.Failed(Identity, "Another replica has just asked the issuer, in vain.");
            }

            if (IsAnswered(wanted: null))
                ScheduleByAge(snapshot);
            else
                ScheduleIn(RefreshSchedule.AfterRefusal(_tuning.Window, Random.Shared.NextDouble()));
            return JwksRefreshResult.Succeeded(Identity, before?.Set, snapshot.Set);
        }
    }

    /// <summary>Tells the fleet, under the gate, how a fetch of its own ended, while whoever waited for that fetch goes on.</summary>
    private void HandOver(FleetTurn turn, KeySetLoad load, JwksFetchReason reason)
    {
        if (_fleet is null || (turn.Version is null && reason != JwksFetchReason.Operator))
            return;

        using (ExecutionContext.SuppressFlow())
        {
            // Where the rules of this replica refuse what the fleet has, they may refuse the issuer's answer too, and the others' rules may not.
            var isReturn = load.Document is null && _refusedVersion != 0;
            if (load.Document is not null && turn.Version is not null)
                _refusedVersion = 0;
            var next = Task.Run(() => HandOverAsync(turn.Version, load, isReturn, reason), CancellationToken.None);
            _handover = _handover.IsCompleted ? next : Task.WhenAll(_handover, next);
        }
    }

    private async Task HandOverAsync(long? version, KeySetLoad load, bool isReturn, JwksFetchReason reason)
    {
        var beginsCooldown = reason == JwksFetchReason.Token || load.Failure is not null;
        var isTold = version is { } number && await _fleet!.CompleteAsync(number, Shared(load), beginsCooldown, isReturn);
        if (!isTold && reason == JwksFetchReason.Operator && load.Document is not null)
            FetchReport.Shield(_telemetry.FleetNotTold);
    }

    private byte[]? Shared(KeySetLoad load) => load.Document is { Body: { } body } good
        ? new SharedDocument(good.Address, body, load.Metadata?.Write(), MetadataAge(load), good.ETag, load.FreshFor).Write(_fleet!.Name)
        : null;

    private TimeSpan MetadataAge(KeySetLoad load) =>
        load.Metadata is { } metadata ? _time.GetElapsedTime(metadata.RetrievedAt) : TimeSpan.Zero;
}
