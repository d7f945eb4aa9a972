using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using JwksAuth.Foundation.Time;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace JwksAuth.Introspection.Server;

/// <summary>
/// Spares an authorization server that is slow or down: a limited number of questions at a time, a limited time for each, and none for a
/// while where all of them failed for a reason that no token can bring about.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A question under way may outlive the options that it was asked by; the collector has the rest.")]
internal sealed class GuardedClient
{
    private const int MaximumWaiting = 1000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    // A server that asks for more is asked again all the same: every token waits for it, and it may have asked because of one caller.
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(1);

    private readonly IntrospectionClient _client;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly ConcurrencyLimiter _limiter;
    private readonly ResiliencePipeline<ServerReply> _pipeline;
    private volatile Rest? _rest;

    public GuardedClient(IntrospectionClient client, int maximumConcurrentRequests, TimeSpan timeout, TimeProvider time)
    {
        _client = client;
        _timeout = timeout;
        _time = new MonotonicTime(time);
        _limiter = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = maximumConcurrentRequests,
            QueueLimit = MaximumWaiting,
            QueueProcessingOrder = QueueProcessingOrder.NewestFirst, // where it is full, the oldest leaves: junk keeps no place from who comes later
        });
        _pipeline = new ResiliencePipelineBuilder<ServerReply> { TimeProvider = _time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<ServerReply>
            {
                // A server that answers any question is not down.
                FailureRatio = 1,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromSeconds(10),
                BreakDuration = Pause,
                ShouldHandle = new PredicateBuilder<ServerReply>().HandleResult(reply => reply.IsOutage),
            })
            .AddTimeout(timeout)
            .Build();
    }

    /// <summary>Never throws: every fault is a reply.</summary>
    public async ValueTask<ServerReply> AskAsync(string token, ServerDescription server)
    {
        using var turn = await WaitForTurnAsync();
        if (turn is not { IsAcquired: true })
            return ServerReply.Overload;
        if (RemainingRest(server) is { } remaining)
            return ServerReply.Failed("it asked with Retry-After to be left alone for a while") with { RetryAfter = remaining };

        try
        {
            var reply = await _pipeline.ExecuteAsync(async cancellation => await _client.AskAsync(token, server, cancellation), CancellationToken.None);
            if (reply.Rest is { } delay)
                _rest = new Rest(server.Endpoint!, _time.GetTimestamp(), delay < LongestRest ? delay : LongestRest);
            return reply;
        }
        catch (BrokenCircuitException broken)
        {
            return ServerReply.Failed("it has not answered for a while") with { RetryAfter = broken.RetryAfter ?? Pause };
        }
        catch (TimeoutRejectedException rejected)
        {
            return ServerReply.Failed($"no whole answer within {rejected.Timeout.TotalSeconds:0.#} s");
        }
    }

    private TimeSpan? RemainingRest(ServerDescription server) =>
        _rest is { } rest && rest.Endpoint == server.Endpoint && rest.Length - _time.GetElapsedTime(rest.BegunAt) is { Ticks: > 0 } remaining ? remaining : null;

    // Not the breaker's business: a queue here says nothing of the server, and callers who fill it must not shut the server off for the others.
    private async ValueTask<RateLimitLease?> WaitForTurnAsync()
    {
        var atOnce = _limiter.AttemptAcquire();
        if (atOnce.IsAcquired)
            return atOnce;

        atOnce.Dispose();
        using var patience = new CancellationTokenSource(_timeout, _time);
        try
        {
            return await _limiter.AcquireAsync(1, patience.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>The time for which an endpoint asked to be left alone.</summary>
    private sealed record Rest(string Endpoint, long BegunAt, TimeSpan Length);
}
