using JwksAuth.Foundation.Json;
using JwksAuth.Foundation.Time;
using JwksAuth.Keys;
using JwksAuth.Keys.Reading;
using JwksAuth.Keys.Remote;
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Fleet;

/// <summary>
/// The membership of one source in the fleet: takes shared keys, claims the right to fetch, shares results, and applies withdrawals.
/// </summary>
internal sealed class FleetMember : IFleetMember
{
    // The delay before calling an engine again that did not answer.
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    // For engines without notifications: how often to check whether another replica's fetch has ended.
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(200);

    // Another replica's answers may be from before the key was published. After this many checks, the replica fetches alone.
    private const int MostLooks = 4;

    private readonly FleetClient _client;
    private readonly SourceState _state;
    private readonly KeySetLoader _loader;
    private readonly TimeProvider _time;
    private readonly SourceTelemetry _telemetry;
    private readonly CancellationToken _stopping;
    private readonly BackgroundTasks _handovers = new();
    private readonly BackgroundTasks _withdrawals = new();
    private readonly BackgroundTasks _listening = new();
    private TaskCompletionSource _nextChange = NewChange();
    private int _notifications;

    public FleetMember(IFleetEngine engine, SourceState state, KeySetLoader loader, SourceTelemetry telemetry, CancellationToken stopping)
    {
        _state = state;
        _loader = loader;
        _time = state.Identity.Time;
        _telemetry = telemetry;
        _stopping = stopping;
        _client = new FleetClient(engine, FleetSourceName.Of(state.Identity), _time, telemetry, OnNotification, stopping);
    }

    public Task CurrentHandover => _handovers.Running;

    public Task CurrentSharing => Task.WhenAll(_listening.Running, _withdrawals.Running, _handovers.Running);

    public async ValueTask<FetchClaim> ClaimAsync(JwksFetchReason reason, KeyFetch? wanted)
    {
        if (!_state.NeedsKeys || _state.IsWithdrawing)
            return FetchClaim.Alone;
        if (reason == JwksFetchReason.Start)
            await _client.WaitForFirstTryAsync();
        if (reason == JwksFetchReason.Operator)
            return await _client.ClaimAsync(ClaimTerms.AtOnce, _client.NewOperatorBudget()) is { Version: { } at }
                ? FetchClaim.Granted(at)
                : FetchClaim.Alone;

        var terms = TermsFor(reason);
        var budget = _client.NewBudget();
        var hasWaited = false;
        for (var looks = 0; looks < MostLooks; looks++)
        {
            if (await TakeNewsAsync(budget) is not { } state)
                return FetchClaim.Alone;
            if (_state.Answers(wanted))
                return FetchClaim.Unneeded;

            // The other replica's fetch, which this one waited for, has failed.
            if (hasWaited && state.Version == terms.Seen)
                return FetchClaim.Refused(_state.Tuning.Cooldown);
            terms = terms with { Seen = state.Version };
            if (await _client.ClaimAsync(terms, budget) is not { } claim)
                return FetchClaim.Alone;
            if (Decide(claim) is { } decided)
                return decided;

            // A replica that does not finish in time is gone or too slow. One waiting replica replaces it and the others wait for that one;
            // otherwise a single crash would cost one fetch per replica.
            hasWaited = claim.IsUnderWay && await WaitForOthersAsync();
            if (claim.IsUnderWay && !hasWaited)
                terms = terms with { UnderWay = _state.Tuning.Timeout };
            budget = _client.NewBudget();
        }

        return FetchClaim.Alone;
    }

    public void HandOver(in SourceState.Step step, FetchClaim claim, KeySetLoad load, JwksFetchReason reason)
    {
        if (claim.Version is null && reason != JwksFetchReason.Operator)
            return;

        // If this replica's rules reject the shared answer, they may reject the issuer's answer too, while the others accept it.
        var isReturn = load.Document is null && step.Shared.HasRefused;
        if (load.Document is not null && claim.Version is not null)
            step.Shared.Refuse(null);
        _handovers.Run(() => HandOverAsync(claim.Version, load, isReturn, reason));
    }

    public void Withdraw(in SourceState.Step step)
    {
        step.Shared.BeginWithdrawal(_time.GetTimestamp());
        _withdrawals.Run(WithdrawAsync);
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Without keys every request waits for the issuer, so the fleet fetches as often as a single replica would.
    private ClaimTerms TermsFor(JwksFetchReason reason)
    {
        var (cooldown, timeout) = (_state.Tuning.Cooldown, _state.Tuning.Timeout);
        var interval = reason == JwksFetchReason.Token || _state.Usable is not null ? cooldown : RefreshDelays.AfterFailedStart(1);
        return new ClaimTerms(interval, interval > timeout ? interval : timeout, Seen: 0);
    }

    /// <summary>Null if the replica must wait for another's fetch, or read a later version.</summary>
    private FetchClaim? Decide(FleetClaim claim)
    {
        if (claim.Version is { } version)
            return FetchClaim.Granted(version);

        // This replica cannot use the others' results, so waiting would only delay valid tokens. Its own fetch may help all of them.
        if (_state.HasRefusedShared)
            return FetchClaim.Alone;
        return !claim.IsUnderWay && claim.OpensIn > TimeSpan.Zero ? FetchClaim.Refused(claim.OpensIn) : null;
    }

    /// <summary>Waits for another replica's fetch and takes its result; false if it does not end in time.</summary>
    private async Task<bool> WaitForOthersAsync()
    {
        var startedAt = _time.GetTimestamp();
        while (_time.GetElapsedTime(startedAt) < _state.Tuning.Timeout && !_stopping.IsCancellationRequested)
        {
            var change = Volatile.Read(ref _nextChange).Task;
            if (await TakeNewsAsync(_client.NewBudget()) is not { IsUnderWay: true } || _state.HasRefusedShared)
                return true;
            await change.WaitAsync(LookInterval, _time, _stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return false;
    }

    private void OnNotification()
    {
        // The first notification starts the loop, which runs until no more have arrived since its last check.
        if (Interlocked.Increment(ref _notifications) == 1)
            _listening.Run(ListenAsync);
    }

    private async Task ListenAsync()
    {
        var handled = 0;
        try
        {
            do
            {
                handled = Volatile.Read(ref _notifications);

                // A notification may announce a revocation: unlike a request, it can wait, but must not be lost.
                while (!_stopping.IsCancellationRequested && await TakeNewsAsync(FleetClient.NewLongBudget()) is null)
                    await Task.Delay(RetryDelay, _time, _stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Interlocked.Exchange(ref _nextChange, NewChange()).TrySetResult();
            }
            while (Interlocked.CompareExchange(ref _notifications, 0, handled) != handled);
        }
        catch
        {
            // The next notification must find no loop, and start one.
            Interlocked.Exchange(ref _notifications, 0);
            throw;
        }
    }

    /// <summary>Takes the shared keys if they are new; null if the engine does not answer.</summary>
    private async Task<FleetState?> TakeNewsAsync(TimeBudget budget)
    {
        // The engine measured the age between the question and its answer: keys count as older than they may be, a withdrawal as later.
        var askedAt = _time.GetTimestamp();
        if (await _client.ReadAsync(budget) is not { } state)
            return null;

        if (state.Document is { } document)
            Take(state, document, _time.TimestampBefore(askedAt, state.Age));
        else if (_state.TakeWithdrawal(state.Version, _time.TimestampBefore(_time.GetTimestamp(), state.Age)))
            FetchReport.Shield(_telemetry.SharedKeysWithdrawn);
        return state;
    }

    private void Take(FleetState state, byte[] document, long fetchedAt)
    {
        if (!_state.Wants(state.Version, fetchedAt, out var known))
            return;

        var load = SharedDocument.Read(document, _client.Name) is { } answer
            ? _loader.Read(answer, fetchedAt, known)
            : KeySetLoad.Failed(FetchFailure.NotJson, "It is not a key set of this source.");
        if (_state.TakeShared(load, state.Version, fetchedAt, state.Age) is { } result)
            FetchReport.Shield(() => Report(load, result));
    }

    private void Report(KeySetLoad load, JwksRefreshResult result)
    {
        if (load.Failure is { } failure)
            _telemetry.SharedKeysRefused(failure.ToWord(), load.Error!);
        else if (result.Outcome == JwksRefreshOutcome.Changed)
            _telemetry.SharedKeysTaken(load.Document!.Set.Keys.Count, result.AddedKeyIds.Count, result.RemovedKeyIds.Count);
    }

    private async Task WithdrawAsync()
    {
        var withdrawn = await _client.WithdrawAsync();
        _state.EndWithdrawal(withdrawn?.Version);
        if (withdrawn is null)
            FetchReport.Shield(_telemetry.FleetNotTold);
    }

    private async Task HandOverAsync(long? version, KeySetLoad load, bool isReturn, JwksFetchReason reason)
    {
        var beginsCooldown = reason == JwksFetchReason.Token || load.Failure is not null;
        var isTold = version is { } number && await _client.CompleteAsync(number, Write(load), beginsCooldown, isReturn);
        if (!isTold && reason == JwksFetchReason.Operator && load.Document is not null)
            FetchReport.Shield(_telemetry.FleetNotTold);
    }

    private byte[]? Write(KeySetLoad load)
    {
        if (load.Document is not { Body: { } body } good)
            return null;
        var metadataAge = load.Metadata is { } metadata ? _time.GetElapsedTime(metadata.RetrievedAt) : TimeSpan.Zero;
        return new StoredAnswer(good.Address, body, load.Metadata?.Write(), metadataAge, good.ETag, load.FreshFor).Write(_client.Name);
    }
}
