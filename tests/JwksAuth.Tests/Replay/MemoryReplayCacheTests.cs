using JwksAuth.Replay;
using JwksAuth.Testing;
using static JwksAuth.JwksReplayResult;

namespace JwksAuth.Tests.Replay;

public class MemoryReplayCacheTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(70);

    private readonly FakeClock _clock = new();

    [Fact]
    public async Task Of_many_concurrent_uses_one_is_added()
    {
        var cache = new MemoryReplayCache(_clock);

        var added = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(() => AddAsync(cache, "proof"))));

        Assert.Single(added, Added);
        Assert.Equal(999, added.Count(result => result == Used));
        Assert.Equal(1, cache.CountOf(JwksReplayKind.DpopProof));
    }

    [Fact]
    public async Task A_full_cache_refuses_until_an_entry_expires()
    {
        var cache = new MemoryReplayCache(_clock, capacity: 2);
        Assert.Equal(Added, await AddAsync(cache, "1", "a"));
        Assert.Equal(Added, await AddAsync(cache, "2", "b"));

        Assert.Equal(Full, await AddAsync(cache, "3", "c"));
        Assert.Equal(Used, await AddAsync(cache, "1", "a"));
        _clock.Advance(Lifetime);
        Assert.Equal(Used, await AddAsync(cache, "1", "a")); // a proof is valid up to the last moment of its lifetime
        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(Added, await AddAsync(cache, "3", "c"));
        Assert.Equal(1, cache.CountOf(JwksReplayKind.DpopProof));
    }

    [Fact]
    public async Task An_entry_expires_on_time_even_after_a_longer_one()
    {
        var cache = new MemoryReplayCache(_clock);
        await AddAsync(cache, "long", lifetime: TimeSpan.FromMinutes(6));
        await AddAsync(cache, "short");
        _clock.Advance(Lifetime + TimeSpan.FromSeconds(1));

        Assert.Equal(Added, await AddAsync(cache, "next"));
        Assert.Equal(2, cache.CountOf(JwksReplayKind.DpopProof));
        Assert.Equal(Used, await AddAsync(cache, "long"));
        Assert.Equal(Added, await AddAsync(cache, "short"));
    }

    [Theory]
    [InlineData(JwksReplayKind.DpopProof)]
    [InlineData(JwksReplayKind.ClientAssertion)]
    [InlineData(JwksReplayKind.LogoutToken)]
    public async Task A_sender_that_uses_100_000_tokens_does_not_affect_others(JwksReplayKind kind)
    {
        var cache = new MemoryReplayCache(_clock);
        var results = new Dictionary<JwksReplayResult, int>();
        for (var number = 0; number < 100_000; number++)
        {
            var result = await AddAsync(cache, $"greedy {number}", "greedy", kind: kind);
            results[result] = results.GetValueOrDefault(result) + 1;
        }

        Assert.Equal(new Dictionary<JwksReplayResult, int> { [Added] = 20_000, [Full] = 80_000 }, results);
        foreach (var other in Enum.GetValues<JwksReplayKind>())
            Assert.Equal(Added, await AddAsync(cache, $"other {other}", "other", kind: other));
        for (var number = 0; number < 10_000; number++)
            Assert.Equal(Added, await AddAsync(cache, $"busy {number}", "busy", kind: kind));
    }

    [Fact]
    public async Task Another_sender_finds_space_no_matter_how_many_senders_take_their_share()
    {
        var cache = new MemoryReplayCache(_clock, capacity: 10_000);
        for (var sender = 0; sender < 20; sender++)
        {
            for (var number = 0; number < 3_000; number++)
                await AddAsync(cache, $"{sender} {number}", $"greedy {sender}");
        }

        for (var sender = 0; sender < 20; sender++)
            Assert.Equal(Added, await AddAsync(cache, $"other {sender}", $"other {sender}"));
    }

    [Fact]
    public async Task A_sender_gets_its_share_back_when_its_tokens_expire()
    {
        var cache = new MemoryReplayCache(_clock, capacity: 50);
        for (var number = 0; number < 10; number++)
            Assert.Equal(Added, await AddAsync(cache, $"{number}"));
        Assert.Equal(Full, await AddAsync(cache, "10"));
        _clock.Advance(Lifetime + TimeSpan.FromTicks(1));

        Assert.Equal(Added, await AddAsync(cache, "10"));
    }

    [Fact]
    public async Task A_token_that_is_valid_again_after_the_clock_was_set_back_still_counts_as_used()
    {
        var cache = new MemoryReplayCache(_clock);
        Assert.Equal(Added, await AddAsync(cache, "a"));
        _clock.Advance(Lifetime + TimeSpan.FromSeconds(1));
        _clock.ShiftWallClock(TimeSpan.FromSeconds(-60));

        Assert.Equal(Used, await AddAsync(cache, "a", lifetime: TimeSpan.FromSeconds(59)));
        Assert.Equal(Added, await AddAsync(cache, "b"));
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(Added, await AddAsync(cache, "c"));
        Assert.Equal(2, cache.CountOf(JwksReplayKind.DpopProof));
    }

    [Fact]
    public async Task A_token_that_was_dropped_before_the_clock_was_set_back_counts_as_used()
    {
        var cache = new MemoryReplayCache(_clock);
        Assert.Equal(Added, await AddAsync(cache, "a"));
        _clock.Advance(Lifetime + TimeSpan.FromSeconds(1));
        Assert.Equal(Added, await AddAsync(cache, "b"));
        Assert.Equal(1, cache.CountOf(JwksReplayKind.DpopProof));
        _clock.ShiftWallClock(TimeSpan.FromSeconds(-60));

        Assert.Equal(Used, await AddAsync(cache, "a", lifetime: TimeSpan.FromSeconds(59)));
        Assert.Equal(Added, await AddAsync(cache, "c"));
    }

    [Fact]
    public async Task Setting_the_clock_forward_and_back_drops_no_entry()
    {
        var cache = new MemoryReplayCache(_clock);
        Assert.Equal(Added, await AddAsync(cache, "a"));
        _clock.ShiftWallClock(TimeSpan.FromDays(1));
        Assert.Equal(Added, await AddAsync(cache, "b"));
        _clock.ShiftWallClock(TimeSpan.FromDays(-1));

        Assert.Equal(Used, await AddAsync(cache, "a"));
        Assert.Equal(Added, await AddAsync(cache, "c"));
    }

    private static Task<JwksReplayResult> AddAsync(
        MemoryReplayCache cache, string key, string sender = "sender", TimeSpan? lifetime = null, JwksReplayKind kind = JwksReplayKind.DpopProof) =>
        cache.TryAddAsync(Uses.Of(key, lifetime ?? Lifetime, sender, kind), default).AsTask();
}
