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

        Assert.True(await cache.TryAddAsync("3", Lifetime, default));
        Assert.Equal(1, cache.Count);
    }
}
