using JwksAuth.Keys.Remote;

namespace JwksAuth.Fleet;

/// <summary>Calls the engine for one source. Every call ends in time; null if the engine fails or hangs.</summary>
internal sealed class FleetClient : IAsyncDisposable
{
    // Longer calls are abandoned, so that a hanging engine costs one task rather than one per call.
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(5);

    // An operator's refresh should reach the others within a second, but late is better than never. The first database connection is slow
    // too: without this time, replicas that start together would each fetch alone.
    private static readonly TimeSpan LongBudget = TimeSpan.FromSeconds(1);

    private readonly IFleetEngine _engine;
    private readonly IFleetSource _shared;
    private readonly TimeProvider _time;
    private readonly SourceTelemetry _telemetry;
    private readonly CancellationToken _stopping;
    private volatile Task _overdue = Task.CompletedTask;
    private int _isFailing;

    public FleetClient(
        IFleetEngine engine, FleetSourceName name, TimeProvider time, SourceTelemetry telemetry, Action onChange,
        CancellationToken stopping)
    {
        Name = name;
        _engine = engine;
        _time = time;
        _telemetry = telemetry;
        _stopping = stopping;
        _shared = engine.Join(name, time, onChange);
    }

    public FleetSourceName Name { get; }

    public static TimeBudget NewLongBudget() => new(LongestCall);

    public TimeBudget NewBudget() => new(_engine.Timeout);

    public TimeBudget NewOperatorBudget() => new(LongestBudget, isPressing: true);

    /// <summary>Completes after the first attempt to reach the engine, or when a start has waited long enough.</summary>
    public async Task WaitForFirstTryAsync() =>
        await _engine.FirstTry.WaitAsync(LongestBudget, _time, _stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public Task<FleetState?> ReadAsync(TimeBudget budget) => AskAsync(_shared.ReadAsync, budget);

    public Task<FleetClaim?> ClaimAsync(ClaimTerms terms, TimeBudget budget) =>
        AskAsync(cancellationToken => _shared.ClaimAsync(terms, cancellationToken), budget, ReturnAsync);

    /// <summary>
    /// Reports the end of a fetch in the background, even while an earlier call is pending, because other replicas wait for it. A return
    /// lets them fetch as if there had been no fetch.
    /// </summary>
    /// <returns>Whether the engine accepted it.</returns>
    public async Task<bool> CompleteAsync(long version, byte[]? document, bool beginsCooldown, bool isReturn)
    {
        try
        {
            await CallAsync(async cancellationToken =>
            {
                await (isReturn
                    ? _shared.ReturnAsync(version, cancellationToken)
                    : _shared.CompleteAsync(version, document, beginsCooldown, cancellationToken));
                return _shared;
            }).WaitAsync(LongestCall, _time, _stopping);
            return true;
        }
        catch (Exception exception)
        {
            Report(exception is TimeoutException ? "Timeout" : exception.GetType().Name);
            return false;
        }
    }

    /// <summary>Withdraws the keys of the fleet; null if the engine does not answer.</summary>
    public Task<FleetState?> WithdrawAsync() => AskAsync(_shared.WithdrawAsync, new TimeBudget(LongestCall, isPressing: true));

    public ValueTask DisposeAsync() => _shared.DisposeAsync();

    private TimeSpan LongestBudget => _engine.Timeout > LongBudget ? _engine.Timeout : LongBudget;

    private async Task<T?> AskAsync<T>(Func<CancellationToken, Task<T>> ask, TimeBudget budget, Func<T, Task>? onLate = null)
        where T : class
    {
        if (!budget.IsPressing && !_overdue.IsCompleted)
            return null;

        var askedAt = _time.GetTimestamp();
        var call = Task.Run(() => CallAsync(ask));
        try
        {
            var answer = await call.WaitAsync(budget.Remaining, _time, _stopping);
            Report(null);
            return answer;
        }
        catch (TimeoutException)
        {
            _overdue = Task.WhenAny(EndLateAsync(call, onLate), Task.Delay(LongestCall, _time, _stopping));
            Report("Timeout");
        }
        catch (Exception exception)
        {
            // Engines use various drivers and caches; none of their exceptions may fail a request.
            Report(exception.GetType().Name);
        }
        finally
        {
            budget.Spend(_time.GetElapsedTime(askedAt));
        }

        return null;
    }

    private async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> ask)
    {
        using var tooLong = new CancellationTokenSource(LongestCall, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(tooLong.Token, _stopping);
        return await ask(either.Token);
    }

    private static async Task EndLateAsync<T>(Task<T> call, Func<T, Task>? onLate)
    {
        try
        {
            var answer = await call;
            if (onLate is not null)
                await onLate(answer);
        }
        catch (Exception)
        {
            // Reported when it was late.
        }
    }

    // The replica has fetched alone, and the others do not see the result: they must not wait for it or start a cooldown.
    private Task ReturnAsync(FleetClaim claim) =>
        claim.Version is { } version ? _shared.ReturnAsync(version, _stopping) : Task.CompletedTask;

    private void Report(string? errorType)
    {
        var isFailing = errorType is null ? 0 : 1;
        if (Interlocked.Exchange(ref _isFailing, isFailing) == isFailing || _stopping.IsCancellationRequested)
            return;
        FetchReport.Shield(errorType is null ? _telemetry.FleetAnswersAgain : () => _telemetry.FleetDoesNotAnswer(errorType));
    }
}
