
using JwksAuth.Keys.Remote;

namespace JwksAuth.Fleet;

/// <summary>
/// Asks the fleet's engine for one source. The engine may fail, hang or be slow: every question ends in time, with an answer or with null, and
/// then the source goes on as if it were alone.
/// </summary>
internal sealed class FleetClient : IAsyncDisposable
{
    // A call that takes longer is given up, so that an engine that never answers costs one task and not one per question.
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(5);

    // An operator's refresh should reach the others within a second, and late is better than never: a database may be slow for a moment. The first
    // connection to it is slow too: without this time, replicas that start together would each go on alone.
    private static readonly TimeSpan LongBudget = TimeSpan.FromSeconds(1);

    private readonly IFleetEngine _engine;
    private readonly IFleetSource _shared;
    private readonly TimeProvider _time;
    private readonly SourceTelemetry _telemetry;
    private readonly CancellationToken _stopping;
    private volatile Task _overdue = Task.CompletedTask;
    private int _isFailing;

    public FleetClient(
        IFleetEngine engine, FleetSourceName name, TimeProvider time, SourceTelemetry telemetry, Action onChange, CancellationToken stopping)
    {
        Name = name;
        _engine = engine;
        _time = time;
        _telemetry = telemetry;
        _stopping = stopping;
        _shared = engine.Join(name, time, onChange);
    }

    public FleetSourceName Name { get; }

    /// <summary>For work that no request waits for.</summary>
    public static TimeBudget NewLongBudget() => new(LongestCall);

    public TimeBudget NewBudget() => new(_engine.Timeout);

    /// <summary>For an operator.</summary>
    public TimeBudget NewOperatorBudget() => new(LongestBudget, isPressing: true);

    /// <summary>Completes when the engine has been tried for the first time, or when a start has waited for that for long enough.</summary>
    public async Task WaitForFirstTryAsync() =>
        await _engine.FirstTry.WaitAsync(LongestBudget, _time, _stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public Task<FleetState?> ReadAsync(TimeBudget budget) => AskAsync(_shared.ReadAsync, budget);

    public Task<FleetClaim?> ClaimAsync(ClaimTerms terms, TimeBudget budget) =>
        AskAsync(cancellationToken => _shared.ClaimAsync(terms, cancellationToken), budget, ReturnAsync);

    /// <summary>
    /// Tells how a fetch ended. Nobody waits for it, and it is told even to an engine that owes an answer: other replicas wait for the end of a
    /// fetch that they know of. A return lets them fetch as if there had been no fetch.
    /// </summary>
    /// <returns>Whether the engine took it.</returns>
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

    /// <summary>Completes when the fleet has forgotten; null if the engine does not answer.</summary>
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
            // Engines use drivers and caches of every kind: none of their faults may cost a request.
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
            // It was reported when it was late.
        }
    }

    // The replica has fetched alone meanwhile, and the others do not learn of it: they must neither wait for that fetch nor begin a cooldown.
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
