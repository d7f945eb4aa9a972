using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using JwksAuth.Foundation.Time;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace JwksAuth.Introspection.Server;

/// <summary>Limits concurrent requests and their duration, and pauses after all failed for a reason that no token can cause.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A request in progress may outlive its options; the GC frees the rest.")]
internal sealed class GuardedClient
{
    private const int MaximumWaiting = 1000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    // A longer Retry-After is not honored: every token waits for the server, and one caller may have caused it.
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
            QueueProcessingOrder = QueueProcessingOrder.NewestFirst, // when full, the oldest gives way, so that junk cannot block others
        });
        _pipeline = new ResiliencePipelineBuilder<ServerReply> { TimeProvider = _time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<ServerReply>
            {
                // A server that answers any request is not down.
                FailureRatio = 1,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromSeconds(10),
                BreakDuration = Pause,
                ShouldHandle = new PredicateBuilder<ServerReply>().HandleResult(reply => reply.IsOutage),
            })
            .AddTimeout(timeout)
            .Build();
    }

    /// <summary>Sends a request. Never throws: every fault is a reply.</summary>
    public async ValueTask<ServerReply> AskAsync(string token, ServerDescription server)
    {
        using var turn = await WaitForTurnAsync();
        if (turn is not { IsAcquired: true })
            return ServerReply.Overload;
        if (RemainingRest(server) is { } remaining)
            return ServerReply.Failed("it asked for a pause with Retry-After") with { RetryAfter = remaining };

        try
        {
            var reply = await _pipeline.ExecuteAsync(
                async cancellation => await _client.AskAsync(token, server, cancellation), CancellationToken.None);
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
            return ServerReply.Failed($"no complete response within {rejected.Timeout.TotalSeconds:0.#} s");
        }
    }

    private TimeSpan? RemainingRest(ServerDescription server) =>
        _rest is { } rest && rest.Endpoint == server.Endpoint
            && rest.Length - _time.GetElapsedTime(rest.BegunAt) is { Ticks: > 0 } remaining ? remaining : null;

    // Separate from the circuit breaker: a queue here does not mean that the server is down, and must not block other callers.
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

    private sealed record Rest(string Endpoint, long BegunAt, TimeSpan Length);
}
