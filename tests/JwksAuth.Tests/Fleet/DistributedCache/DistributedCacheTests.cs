using System.Net;
using System.Text;
using System.Xml.Linq;
using JwksAuth.Fleet.DistributedCache;
using JwksAuth.Testing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JwksAuth.Tests.Fleet.DistributedCache;

/// <summary>Several hosts with one cache, over whole requests.</summary>
public sealed class DistributedCacheTests : IAsyncLifetime
{
    private const int LooksBeforePause = 200;

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(200);

    private readonly FakeClock _clock = new();
    private readonly WatchedClock _hostClock;
    private readonly FaultyCache _cache;
    private readonly SharedKeyRepository _protectionKeys = new();
    private readonly List<TestApi> _hosts = [];
    private FakeJwksServer _issuer = null!;

    public DistributedCacheTests()
    {
        _hostClock = new WatchedClock(_clock);
        _cache = new FaultyCache(_clock);
    }

    public async Task InitializeAsync() =>
        _issuer = await FakeJwksServer.StartInProcessAsync(new FakeJwksServerOptions { TimeProvider = _hostClock, Algorithm = "ES256" });

    public async Task DisposeAsync()
    {
        foreach (var host in _hosts)
            await host.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task A_host_that_starts_with_a_fresh_copy_serves_without_a_fetch_even_in_an_outage()
    {
        await StartAsync();
        await _issuer.StopAsync();

        var second = await StartAsync();

        Assert.Equal(HttpStatusCode.OK, await second.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(1, _issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_flood_on_three_hosts_causes_one_fetch_per_cooldown()
    {
        await StartAsync(3);
        await AdvanceAsync(TimeSpan.FromSeconds(10));
        var before = _issuer.JwksRequestCount;

        for (var index = 0; index < 5; index++)
        {
            foreach (var host in _hosts)
                Assert.Equal(HttpStatusCode.Unauthorized, await host.GetStatusAsync(_issuer.CreateToken(token => token.WithHeader("kid", $"bogus-{index}"))));
        }

        Assert.Equal(before + 1, _issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_revocation_reaches_every_host_by_the_next_poll()
    {
        await StartAsync(3);
        var leaked = _issuer.CreateToken();
        _issuer.ReplaceAll();
        await _hosts[0].Manager.RefreshAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await _hosts[0].GetStatusAsync(leaked));

        await AdvanceAsync(TimeSpan.FromSeconds(5));

        foreach (var host in _hosts)
            Assert.Equal(HttpStatusCode.Unauthorized, await host.GetStatusAsync(leaked));
        Assert.Equal(3, _issuer.JwksRequestCount); // the start, the refresh, and the first token with the key that is gone
    }

    [Fact]
    public async Task A_failing_cache_prevents_only_sharing()
    {
        _cache.Fault = () => throw new IOException("The cache is down.");
        await StartAsync(2);

        foreach (var host in _hosts)
            Assert.Equal(HttpStatusCode.OK, await host.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(2, _issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_cache_that_loses_entries_prevents_only_sharing()
    {
        _cache.IsForgetful = true;
        await StartAsync(2);

        foreach (var host in _hosts)
            Assert.Equal(HttpStatusCode.OK, await host.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(2, _issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_cache_that_hangs_delays_the_first_token_by_50_ms()
    {
        _cache.IsHanging = true;
        var host = await StartUnsettledAsync();
        var asked = host.GetStatusAsync(_issuer.CreateToken());

        // The poll, the limit of the call and the timeout of the fetch.
        await _clock.WaitForTimersAsync(3);
        Assert.Equal(0, _issuer.JwksRequestCount);
        _clock.Advance(TimeSpan.FromMilliseconds(50));

        Assert.Equal(HttpStatusCode.OK, await asked);
    }

    [Fact]
    public async Task A_cache_that_is_slow_but_answers_in_time_saves_the_fetch()
    {
        await StartAsync();
        _cache.Delay = TimeSpan.FromMilliseconds(20);
        var second = await StartUnsettledAsync();
        var asked = second.GetStatusAsync(_issuer.CreateToken());

        // The claim and the copy: 40 of 50 ms.
        for (var answers = 0; answers < 2; answers++)
        {
            await _cache.NextDelayAsync();
            _clock.Advance(_cache.Delay);
        }

        Assert.Equal(HttpStatusCode.OK, await asked);
        Assert.Equal(1, _issuer.JwksRequestCount);
    }

    [Fact]
    public async Task Losing_the_copy_but_not_its_claim_fails_no_valid_token()
    {
        await StartAsync(2);
        await AdvanceAsync(TimeSpan.FromSeconds(10));
        _issuer.RotateKey();
        Assert.Equal(HttpStatusCode.OK, await _hosts[0].GetStatusAsync(_issuer.CreateToken()));
        await SettleAsync();

        await _cache.RemoveAsync(CopyKey);

        Assert.Equal(HttpStatusCode.OK, await _hosts[1].GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(3, _issuer.JwksRequestCount);
    }

    [Fact]
    public async Task An_older_entry_does_not_restore_a_withdrawn_key()
    {
        var first = await StartAsync();
        var leaked = _issuer.CreateToken();
        var old = await ReadEntryAsync();
        await AdvanceAsync(TimeSpan.FromMinutes(6));
        _issuer.ReplaceAll();
        await first.Manager.RefreshAsync();

        await _cache.SetAsync(CopyKey, old);
        await AdvanceAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(HttpStatusCode.Unauthorized, await first.GetStatusAsync(leaked));

        // A replica that starts has nothing newer, but sees that the entry is due for a fetch.
        var second = await StartAsync();
        await AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await second.GetStatusAsync(leaked));
    }

    [Fact]
    public async Task An_entry_of_another_version_is_refused_and_each_host_fetches_alone()
    {
        var first = await StartAsync();
        var seal = first.Services.GetRequiredService<CacheSeal>();
        var entry = seal.Open(await ReadEntryAsync(), CopyKey);
        entry[0]++;
        await _cache.SetAsync(CopyKey, seal.Close(entry, CopyKey));
        await AdvanceAsync(TimeSpan.FromSeconds(1));

        var second = await StartAsync();

        Assert.Equal(HttpStatusCode.OK, await second.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(2, _issuer.JwksRequestCount);
    }

    public static TheoryData<string> Planted => new("", "planted", new string('x', 2 * 1024 * 1024));

    [Theory]
    [MemberData(nameof(Planted))]
    public async Task An_entry_injected_by_another_writer_is_rejected_and_replaced(string planted)
    {
        await StartAsync();
        foreach (var key in _cache.Keys)
            await _cache.SetStringAsync(key, planted);

        var second = await StartAsync();
        Assert.Equal(HttpStatusCode.OK, await second.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(2, _issuer.JwksRequestCount);

        Assert.DoesNotContain(_cache.Values, value => value.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(planted)));
        await StartAsync();
        Assert.Equal(2, _issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_valid_entry_under_the_cache_key_of_another_is_refused()
    {
        await StartAsync();
        await _cache.SetAsync(CopyKey, (await _cache.GetAsync(CopyKey + ":claim"))!);
        await AdvanceAsync(TimeSpan.FromSeconds(1));

        var second = await StartAsync();

        Assert.Equal(HttpStatusCode.OK, await second.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(2, _issuer.JwksRequestCount);
    }

    [Fact]
    public async Task Entries_are_encrypted()
    {
        await StartAsync();

        Assert.NotEmpty(_cache.Values);
        Assert.All(_cache.Values, value => Assert.DoesNotContain("jwks", Encoding.Latin1.GetString(value), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_shared_Data_Protection_the_host_does_not_start_unless_the_cache_is_trusted()
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(isProtected: false));
        Assert.Contains(nameof(JwksDistributedCacheOptions.TrustEveryCacheWriter), refused.Message, StringComparison.Ordinal);

        await StartAsync(isProtected: false, configure: options => options.TrustEveryCacheWriter = true);
        var second = await StartAsync(isProtected: false, configure: options => options.TrustEveryCacheWriter = true);
        Assert.Equal(HttpStatusCode.OK, await second.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(1, _issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_proof_used_on_one_host_is_refused_on_all_if_they_share_replays()
    {
        var (first, second) = (await StartAsync(configure: Share), await StartAsync(configure: Share));
        var lifetime = TimeSpan.FromMinutes(1);

        Assert.Equal(JwksReplayResult.Added, await ReplaysOf(first).TryAddAsync(Uses.Of("proof", lifetime), CancellationToken.None));
        Assert.Equal(JwksReplayResult.Used, await ReplaysOf(first).TryAddAsync(Uses.Of("proof", lifetime), CancellationToken.None));
        Assert.Equal(JwksReplayResult.Used, await ReplaysOf(second).TryAddAsync(Uses.Of("proof", lifetime), CancellationToken.None));
        Assert.Equal(JwksReplayResult.Added, await ReplaysOf(await StartAsync()).TryAddAsync(Uses.Of("proof", lifetime), CancellationToken.None));

        static void Share(JwksDistributedCacheOptions options) => options.ShareReplays = true;
    }

    [Fact]
    public void A_replay_cache_of_the_application_is_not_replaced()
    {
        var services = new ServiceCollection().AddSingleton<IJwksReplayCache, RefusesAll>();
        services.AddAuthentication().AddJwksBearer().AddJwksDistributedCache(options => options.ShareReplays = true);

        Assert.Equal(typeof(RefusesAll), Assert.Single(services, service => service.ServiceType == typeof(IJwksReplayCache)).ImplementationType);
    }

    [Fact]
    public void A_second_engine_is_refused() =>
        Assert.Throws<InvalidOperationException>(() => new ServiceCollection().AddAuthentication().AddJwksDistributedCache().AddJwksDistributedCache());

    private async Task StartAsync(int count)
    {
        for (var index = 0; index < count; index++)
            await StartAsync();
    }

    private async Task<TestApi> StartAsync(bool isProtected = true, Action<JwksDistributedCacheOptions>? configure = null)
    {
        var host = await StartUnsettledAsync(isProtected, configure);
        await SettleAsync();
        return host;
    }

    private async Task<TestApi> StartUnsettledAsync(bool isProtected = true, Action<JwksDistributedCacheOptions>? configure = null)
    {
        var host = await TestApi.StartAsync(services =>
        {
            services.AddSingleton<IDistributedCache>(_cache);
            services.AddAuthentication().AddJwksBearer().AddJwksDistributedCache(configure);
            services.TrustFakeJwksServer(_issuer);
            services.AddDataProtection().SetApplicationName("api");
            if (isProtected)
                services.Configure<KeyManagementOptions>(options => options.XmlRepository = _protectionKeys);
        });
        _hosts.Add(host);
        return host;
    }

    private string CopyKey => _cache.Keys.Single(key => !key.EndsWith(":claim", StringComparison.Ordinal));

    private async Task<byte[]> ReadEntryAsync() => (await _cache.GetAsync(CopyKey))!;

    private static IJwksReplayCache ReplaysOf(TestApi host) => host.Services.GetRequiredService<IJwksReplayCache>();

    private async Task AdvanceAsync(TimeSpan time)
    {
        await SettleAsync();
        for (var remaining = time; remaining > TimeSpan.Zero;)
        {
            var step = _clock.NextTimerIn is { } next && next < remaining ? next : remaining;
            _clock.Advance(step);
            remaining -= step;
            await SettleAsync();
        }
    }

    // The clock must advance for a host that waits for another's fetch, but not for one that waits for the cache, which answers at once.
    private async Task SettleAsync()
    {
        var settled = SettleNowAsync();
        for (var looks = 0; !settled.IsCompleted; looks++)
        {
            if (_hostClock.TimerOf(LookInterval) is not { } pause)
                looks = 0;
            else if (looks > LooksBeforePause)
            {
                _clock.Advance(pause);
                looks = 0;
            }

            await Task.Yield();
        }

        await settled;
    }

    private async Task SettleNowAsync()
    {
        foreach (var host in _hosts)
            await host.FetchesEndAsync();
        await Task.WhenAll(_hosts.SelectMany(host => host.Sources()).Select(source => source.CurrentSharing));
    }

    private sealed class SharedKeyRepository : IXmlRepository
    {
        private readonly List<XElement> _elements = [];

        public IReadOnlyCollection<XElement> GetAllElements()
        {
            lock (_elements)
                return [.. _elements];
        }

        public void StoreElement(XElement element, string friendlyName)
        {
            lock (_elements)
                _elements.Add(element);
        }
    }

    private sealed class RefusesAll : IJwksReplayCache
    {
        public ValueTask<JwksReplayResult> TryAddAsync(JwksReplayEntry entry, CancellationToken cancellationToken) => new(JwksReplayResult.Used);
    }
}
