using JwksAuth.Diagnostics;

namespace JwksAuth.Keys.Sharing;

/// <summary>
/// One source's seat in the fleet. Stands between a source and an engine that may fail, lie still or take for ever: every question ends
/// in time, with an answer or with null, and then the source goes on as if it were alone.
/// </summary>
internal sealed class FleetSeat : IAsyncDisposable
{
    // Whatever is out that long is given up, so that an engine that swallows calls costs one task and not one per question.
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(5);

    // An operator's word is to reach the others within a second, and had better be late than lost: a database may be slow for a moment. So it is for who
    // connects to it for the first time: without that, replicas that start at once would each go on alone.
    private static readonly TimeSpan LongPatience = TimeSpan.FromSeconds(1);

    private readonly IFleetEngine _engine;
    private readonly IFleetSource _shared;
    private readonly TimeProvider _time;
    private readonly SourceTelemetry _telemetry;
    private readonly CancellationToken _stopping;
    private volatile Task _overdue = Task.CompletedTask;
    private int _isFailing;

    public FleetSeat(
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

    /// <summary>For what no request waits for.</summary>
    public static FleetPatience Unhurried => new(LongestCall);

    public FleetPatience NewPatience() => new(_engine.Timeout);

    /// <summary>For what an operator asked for.</summary>
    public FleetPatience NewOperatorPatience() => new(LongestPatience, isPressing: true);

    /// <summary>Completes when the engine has been tried for the first time, or when a start has waited for that for long enough.</summary>
    public async Task WaitForFirstTryAsync() =>
        await _engine.FirstTry.WaitAsync(LongestPatience, _time, _stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public Task<FleetState?> ReadAsync(FleetPatience patience) => AskAsync(_shared.ReadAsync, patience);

    public Task<FleetClaim?> ClaimAsync(FleetPace pace, FleetPatience patience) =>
        AskAsync(cancellationToken => _shared.ClaimAsync(pace, cancellationToken), patience, ReturnAsync);

    /// <summary>
    /// Tells how a fetch ended. Nobody waits for it, and it is told even to an engine that owes an answer: other replicas wait for the end of a
    /// fetch that they know of.
    /// </summary>
    /// <param name="version">The number of the fetch.</param>
    /// <param name="document">What it brought; null if it failed.</param>
    /// <param name="beginsCooldown">Whether tokens must wait before they may cause another.</param>
    /// <param name="isReturn">Whether the others are to fetch as if there had been no fetch.</param>
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
    public Task<FleetState?> WithdrawAsync() => AskAsync(_shared.WithdrawAsync, new FleetPatience(LongestCall, isPressing: true));

    public ValueTask DisposeAsync() => _shared.DisposeAsync();

    private TimeSpan LongestPatience => _engine.Timeout > LongPatience ? _engine.Timeout : LongPatience;

    private async Task<T?> AskAsync<T>(Func<CancellationToken, Task<T>> ask, FleetPatience patience, Func<T, Task>? onLate = null)
        where T : class
    {
        if (!patience.IsPressing && !_overdue.IsCompleted)
            return null;

        var askedAt = _time.GetTimestamp();
        var call = Task.Run(() => CallAsync(ask));
        try
        {
            var answer = await call.WaitAsync(patience.Remaining, _time, _stopping);
            Report(null);
            return answer;
        }
        catch (TimeoutException)
        {
            _overdue = Task.WhenAny(FollowAsync(call, onLate), Task.Delay(LongestCall, _time, _stopping));
            Report("Timeout");
        }
        catch (Exception exception)
        {
            // Engines stand on drivers and caches of every kind: none of their faults may cost a request.
            Report(exception.GetType().Name);
        }
        finally
        {
            patience.Spend(_time.GetElapsedTime(askedAt));
        }

        return null;
    }

    private async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> ask)
    {
        using var tooLong = new CancellationTokenSource(LongestCall, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(tooLong.Token, _stopping);
        return await ask(either.Token);
    }

    private static async Task FollowAsync<T>(Task<T> call, Func<T, Task>? onLate)
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

    // The replica has fetched alone meanwhile, and the others do not hear of it: they must neither wait for that fetch nor find the window closed.
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
