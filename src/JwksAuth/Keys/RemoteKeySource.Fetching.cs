using JwksAuth.Keys.Retrieval;
using JwksAuth.Keys.Sharing;

namespace JwksAuth.Keys;

/// <content>The fetches: how one starts, what its answer changes, and when the next is due.</content>
internal sealed partial class RemoteKeySource
{
    /// <summary>The last fetch that was started; completed when its outcome is in force and reported.</summary>
    public Task CurrentFetch
    {
        get
        {
            lock (_gate)
                return _lastFlight;
        }
    }

    private void StartScheduledFetch()
    {
        // Outside the gate: whoever closes the source takes it too.
        if (_tryRetire?.Invoke() == true)
            return;

        lock (_gate)
        {
            if (_flight is not null || _disposed)
                return;
            if (MayFetchByItself)
                StartFlight(JwksFetchReason.Schedule);
            else
                ScheduleEnd();
        }
    }

    private Task<JwksRefreshResult> StartFlight(JwksFetchReason reason, KeyFetch? wanted = null)
    {
        _flightReason = reason;
        if (reason == JwksFetchReason.Token)
            _window.StampAt(_time.GetTimestamp());
        using (ExecutionContext.SuppressFlow())
            _flight = Task.Run(() => FlyToAnEndAsync(reason, wanted), CancellationToken.None);
        _lastFlight = _flight;
        return _flight;
    }

    private async Task<JwksRefreshResult> RefreshAfterCurrentFlightAsync()
    {
        while (true)
        {
            Task<JwksRefreshResult> flight;
            var isOurs = false;
            lock (_gate)
            {
                if (_disposed)
                    return JwksRefreshResult.Failed(Identity, "The source is no longer in use.");

                // A fetch under way may have read the issuer before whatever made the operator ask: it does not count.
                if (_flight is null)
                {
                    _queuedRefresh = null;
                    isOurs = true;
                }

                flight = _flight ?? StartFlight(JwksFetchReason.Operator);
            }

            var result = await flight;
            if (!isOurs)
                continue;

            // Whoever asked may end the process next: the others are to have heard of it.
            await CurrentHandover;
            return result;
        }
    }

    // A flight that never ended would keep the source from ever fetching again.
    private async Task<JwksRefreshResult> FlyToAnEndAsync(JwksFetchReason reason, KeyFetch? wanted)
    {
        try
        {
            return await FlyAsync(reason, wanted);
        }
        catch (Exception exception)
        {
            lock (_gate)
            {
                _flight = null;
                _window.StampAt(_time.GetTimestamp());
                if (!_disposed)
                    ScheduleAfterFailure();
            }

            return JwksRefreshResult.Failed(Identity, $"The fetch broke off ({exception.GetType().Name}).");
        }
    }

    private async Task<JwksRefreshResult> FlyAsync(JwksFetchReason reason, KeyFetch? wanted)
    {
        var known = _snapshot;
        var turn = await TakeTurnAsync(reason, wanted);
        if (!turn.IsOurs)
            return LandWithoutFetch(turn, known, reason);

        var report = FetchReport.Start(_telemetry, reason, _time);
        while (true)
        {
            var (before, clears, begunAt) = Depart(reason);
            var request = new KeySetRequest(before?.Document, _metadata, _tuning.Timeout, reason)
            {
                MetadataIsSuspect = _history.FailuresInARow > 0 || IsMetadataSuspect,
                Wanted = wanted,
                NeedsKeys = NeedsKeys,
                MetadataFound = metadata => TakeMetadata(metadata, clears),
            };
            var load = await _loader.LoadAsync(request, _stopping.Token);
            if (Land(load, before, clears, begunAt, turn, report) is not { } result)
            {
                turn = FleetTurn.Alone;
                continue;
            }

            if (load.Failure != FetchFailure.Stopped)
                report.Complete(load, result, ReadGauges()?.Size ?? 0, IsIssuerConfirmed);
            return result;
        }
    }

    private (KeySnapshot? Before, int Clears, long BegunAt) Depart(JwksFetchReason reason)
    {
        lock (_gate)
        {
            // Asking the fleet takes time, and a clear makes a fetch begin again: the cooldown counts from the latest question to the issuer.
            var begunAt = _time.GetTimestamp();
            if (reason == JwksFetchReason.Token)
                _window.StampAt(begunAt);
            return (_snapshot, _clears, begunAt);
        }
    }

    /// <summary>Puts the answer in force; null if the keys were cleared meanwhile: it may have been read before whatever led to that.</summary>
    private JwksRefreshResult? Land(KeySetLoad load, KeySnapshot? before, int clears, long begunAt, FleetTurn turn, FetchReport report)
    {
        lock (_gate)
        {
            if (clears != _clears && !_disposed)
                return null;

            _flight = null;
            if (_disposed)
                return JwksRefreshResult.Failed(Identity, load.Error);

            // Whatever caused it, tokens must not hammer an issuer that does not answer.
            if (load.Failure is not null)
                _window.StampAt(begunAt);
            HandOver(turn, load, report.Reason);
            var result = Apply(load, before, begunAt, _time.GetTimestamp(), turn.Version);
            _history.Record(report.Reason, result, report.Elapsed);
            Schedule(load);
            return result;
        }
    }

    private JwksRefreshResult Apply(KeySetLoad load, KeySnapshot? before, long begunAt, long confirmedAt, long? version)
    {
        TakeMetadata(load.Metadata, _clears);
        if (load.Failure is not null)
            return JwksRefreshResult.Failed(Identity, load.Error);
        if (load.Document is not { } document)
            return JwksRefreshResult.Succeeded(Identity, KeySet.Empty, KeySet.Empty);

        // Another replica's later fetch may have arrived while ours was under way.
        if (_snapshot is { } current && !ReferenceEquals(current, before) && IsLater(current, begunAt, version))
            return JwksRefreshResult.Succeeded(Identity, before?.Set, current.Set);

        var isOtherSet = !ReferenceEquals(before?.Set, document.Set);
        NoticeUse();
        _snapshot = new KeySnapshot(document, begunAt, confirmedAt, load.FreshFor, version);
        if (isOtherSet)
            _held.Release();
        return JwksRefreshResult.Succeeded(Identity, before?.Set, document.Set);
    }

    // Two fetches of the fleet are told apart by their numbers; one made alone has none, and is told apart by when it began: only a fetch that
    // began after a withdrawal surely knows of it.
    private static bool IsLater(KeySnapshot snapshot, long begunAt, long? version) =>
        snapshot.Version is { } one && version is { } other ? one > other : snapshot.BegunAt > begunAt;

    private void Schedule(KeySetLoad load)
    {
        var delay = load.Failure is null
            ? RefreshSchedule.AfterSuccess(_tuning.RefreshInterval, load.FreshFor, Random.Shared.NextDouble())
            : RefreshSchedule.AfterFailure(_history.FailuresInARow, _tuning.Window, hasKeys: _snapshot is not null);
        if (load.RetryAfter is { } retryAfter)
        {
            _window.Defer(retryAfter);
            delay = delay > retryAfter ? delay : retryAfter;
        }

        if (load.Failure is null || MayFetchByItself)
            ScheduleIn(delay);
        else
            ScheduleEnd();
    }

    // A name that a token brought, and that has no keys, is worth no fetch of its own: the next token makes one.
    private bool MayFetchByItself => _tryRetire is null || _snapshot is not null;

    private void ScheduleAfterFailure()
    {
        if (MayFetchByItself)
            ScheduleIn(RefreshSchedule.AfterFailure(1, _tuning.Window, hasKeys: _snapshot is not null));
        else
            ScheduleEnd();
    }

    private void BringForward()
    {
        if (_flight is not null || _history.NextFetchIn() is not { } planned)
            return;

        var delay = RefreshSchedule.AfterSuccess(_tuning.RefreshInterval, null, Random.Shared.NextDouble());
        if (delay < planned)
            ScheduleIn(delay);
    }

    private void ScheduleIn(TimeSpan delay)
    {
        _history.NextFetchAt(delay);
        _timer.Change(delay, Timeout.InfiniteTimeSpan);
    }
}
