using JwksAuth.Schemes;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Schemes;

public class MemoryReplayCacheTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(70);

    private readonly FakeClock _clock = new();

    [Fact]
    public async Task TryAdd_OfManyAtOnce_IsTrueForOne()
    {
        var cache = new MemoryReplayCache(_clock);

        var added = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(async () => await cache.TryAddAsync("proof", Lifetime, default))));

        Assert.Single(added, true);
        Assert.Equal(1, cache.Count);
    }

    [Fact]
    public async Task TryAdd_WithoutRoom_IsFalseUntilSomethingMayBeForgotten()
    {
        var cache = new MemoryReplayCache(_clock, capacity: 2);
        Assert.True(await cache.TryAddAsync("1", Lifetime, default));
        Assert.True(await cache.TryAddAsync("2", Lifetime, default));

        Assert.False(await cache.TryAddAsync("3", Lifetime, default));
        Assert.False(await cache.TryAddAsync("1", Lifetime, default));
        _clock.Advance(Lifetime);
        Assert.False(await cache.TryAddAsync("1", Lifetime, default)); // a proof is good to the last moment of its life
        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.True(await cache.TryAddAsync("3", Lifetime, default));
        Assert.Equal(1, cache.Count);
    }

    [Fact]
    public async Task TryAdd_BehindALongerOne_IsForgottenInItsOwnTime()
    {
        var cache = new MemoryReplayCache(_clock);
        await cache.TryAddAsync("assertion", TimeSpan.FromMinutes(6), default);
        await cache.TryAddAsync("proof", Lifetime, default);
        _clock.Advance(Lifetime + TimeSpan.FromSeconds(1));

        Assert.True(await cache.TryAddAsync("next", Lifetime, default));
        Assert.Equal(2, cache.Count);
        Assert.False(await cache.TryAddAsync("assertion", Lifetime, default));
        Assert.True(await cache.TryAddAsync("proof", Lifetime, default));
    }
}
