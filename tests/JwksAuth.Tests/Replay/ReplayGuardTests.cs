using JwksAuth.Diagnostics;
using JwksAuth.Replay;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Tests.Replay;

public sealed class ReplayGuardTests : IDisposable
{
    private readonly FakeClock _clock = new();
    private readonly RecordedLog _log = new();
    private readonly ScriptedCache _cache = new();
    private readonly ServiceProvider _services;
    private readonly ReplayGuard _guard;

    public ReplayGuardTests()
    {
        _services = new ServiceCollection().AddLogging(logging => logging.AddProvider(_log)).AddMetrics().AddSingleton<JwksTelemetry>().BuildServiceProvider();
        _guard = new ReplayGuard(_cache, _services.GetRequiredService<JwksTelemetry>(), _clock);
    }

    [Theory]
    [InlineData(JwksReplayResult.Added, "New")]
    [InlineData(JwksReplayResult.Used, "Used")]
    [InlineData(JwksReplayResult.Full, "Unavailable")]
    public async Task The_result_of_the_cache_is_the_verdict(JwksReplayResult answer, string verdict)
    {
        _cache.Answer = () => answer;

        Assert.Equal(verdict, (await UseAsync()).ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_full_or_failing_cache_is_logged_once_in_ten_seconds(bool isFull)
    {
        _cache.Answer = () => isFull ? JwksReplayResult.Full : throw new TimeoutException();

        for (var number = 0; number < 3; number++)
            Assert.Equal(ReplayVerdict.Unavailable, await UseAsync());
        Assert.Single(_log.Entries);
        _clock.Advance(TimeSpan.FromSeconds(10));
        await UseAsync();

        Assert.Equal(2, _log.Entries.Count);
    }

    [Fact]
    public async Task A_cache_with_free_space_is_not_logged()
    {
        await UseAsync();

        Assert.Empty(_log.Entries);
    }

    [Fact]
    public async Task A_cancellation_by_the_caller_is_not_a_failure_of_the_cache()
    {
        using var givenUp = new CancellationTokenSource();
        await givenUp.CancelAsync();
        _cache.Answer = () => throw new OperationCanceledException(givenUp.Token);

        await Assert.ThrowsAsync<OperationCanceledException>(() => UseAsync(givenUp.Token));
        Assert.Empty(_log.Entries);
    }

    public void Dispose()
    {
        _services.Dispose();
        _log.Dispose();
    }

    private Task<ReplayVerdict> UseAsync(CancellationToken cancellationToken = default) =>
        _guard.UseAsync(JwksReplayKind.DpopProof, "sender", "jti", TimeSpan.FromMinutes(1), cancellationToken).AsTask();

    private sealed class ScriptedCache : IJwksReplayCache
    {
        public Func<JwksReplayResult> Answer { get; set; } = () => JwksReplayResult.Added;

        public ValueTask<JwksReplayResult> TryAddAsync(JwksReplayEntry entry, CancellationToken cancellationToken) => new(Answer());
    }
}
