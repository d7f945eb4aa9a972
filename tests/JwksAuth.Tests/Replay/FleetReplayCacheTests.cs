using JwksAuth.Diagnostics;
using JwksAuth.Replay;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Tests.Replay;

public class FleetReplayCacheTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private readonly FakeClock _clock = new();
    private readonly SharedMemory _shared = new();
    private readonly RecordedLog _log = new();

    [Fact]
    public async Task A_token_used_on_another_replica_is_refused()
    {
        var (first, second) = (Create(), Create());

        Assert.Equal(JwksReplayResult.Added, await AddAsync(first, "a"));
        Assert.Equal(JwksReplayResult.Used, await AddAsync(second, "a"));
        Assert.Equal(JwksReplayResult.Added, await AddAsync(second, "b"));
    }

    [Fact]
    public async Task If_the_shared_cache_fails_a_replica_refuses_what_it_has_seen_and_warns_once()
    {
        var cache = Create();
        _shared.Fault = () => Task.FromException(new IOException("down"));

        Assert.Equal(JwksReplayResult.Added, await AddAsync(cache, "a"));
        Assert.Equal(JwksReplayResult.Used, await AddAsync(cache, "a"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(JwksReplayResult.Added, await AddAsync(cache, "b"));
        Assert.Equal("SharedReplaysUnavailable", Assert.Single(_log.Entries).Id.Name);
    }

    [Fact]
    public async Task If_the_shared_cache_hangs_one_request_waits_and_it_is_not_queried_for_a_second()
    {
        var cache = Create();
        _shared.Fault = () => new TaskCompletionSource().Task;
        var first = AddAsync(cache, "a");
        await _clock.WaitForTimersAsync(2);
        Assert.False(first.IsCompleted);
        _clock.Advance(_shared.Timeout);

        Assert.Equal(JwksReplayResult.Added, await first);
        Assert.Equal(JwksReplayResult.Added, await AddAsync(cache, "b"));
        Assert.Equal(1, _shared.Calls);
    }

    [Fact]
    public async Task The_shared_cache_is_used_again_when_it_is_back()
    {
        var (first, second) = (Create(), Create());
        _shared.Fault = () => Task.FromException(new IOException("down"));
        await AddAsync(first, "a");
        _shared.Fault = null;
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(JwksReplayResult.Added, await AddAsync(first, "b"));
        Assert.Equal(JwksReplayResult.Used, await AddAsync(second, "b"));
        Assert.Contains(_log.Entries, entry => entry.Id.Name == "SharedReplaysAvailable");
    }

    [Fact]
    public async Task A_sender_that_has_used_its_share_is_refused_and_not_shared()
    {
        var cache = Create();
        while (await cache.TryAddAsync(Uses.Of($"{_shared.Calls}", Lifetime, "greedy"), CancellationToken.None) != JwksReplayResult.Full)
            Assert.True(_shared.Calls <= MemoryReplayCache.DefaultCapacity / 4);
        var calls = _shared.Calls;

        Assert.Equal(JwksReplayResult.Full, await cache.TryAddAsync(Uses.Of("more", Lifetime, "greedy"), CancellationToken.None));
        Assert.Equal(calls, _shared.Calls);
        Assert.Equal(JwksReplayResult.Added, await cache.TryAddAsync(Uses.Of("other", Lifetime, "other"), CancellationToken.None));
        Assert.Equal(JwksReplayResult.Added, await cache.TryAddAsync(Uses.Of("more", Lifetime, "greedy", JwksReplayKind.LogoutToken), CancellationToken.None));
    }

    [Fact]
    public async Task A_cancellation_by_the_caller_throws()
    {
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        _shared.Fault = () => new TaskCompletionSource().Task;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Create().TryAddAsync(Uses.Of("a", Lifetime), gone.Token).AsTask());
    }

    private FleetReplayCache Create()
    {
        var services = SourceUnderTest.CreateServices(services => services.AddSingleton<ILoggerProvider>(_log));
        return new FleetReplayCache(_shared, _clock, services.GetRequiredService<JwksTelemetry>());
    }

    private static Task<JwksReplayResult> AddAsync(FleetReplayCache cache, string key) => cache.TryAddAsync(Uses.Of(key, Lifetime), CancellationToken.None).AsTask();

    private sealed class SharedMemory : ISharedReplays
    {
        private readonly HashSet<string> _used = [];

        public Func<Task>? Fault { get; set; }

        public int Calls { get; private set; }

        public TimeSpan Timeout => TimeSpan.FromMilliseconds(50);

        public async Task<bool> TryAddAsync(string key, TimeSpan lifetime, CancellationToken cancellationToken)
        {
            Calls++;
            if (Fault is { } fault)
                await fault();
            return _used.Add(key);
        }
    }
}
