using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Xml.Linq;
using JwksAuth.Testing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JwksAuth.Tests.Fleet;

/// <summary>Several hosts on one cache, over whole requests.</summary>
public sealed class DistributedCacheTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private readonly FaultyCache _cache = new();
    private readonly SharedKeyRepository _protectionKeys = new();
    private readonly List<TestApi> _hosts = [];
    private FakeJwksServer _issuer = null!;

    public async Task InitializeAsync() =>
        _issuer = await FakeJwksServer.StartInProcessAsync(new FakeJwksServerOptions { TimeProvider = _clock, Algorithm = "ES256" });

    public async Task DisposeAsync()
    {
        foreach (var host in _hosts)
            await host.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task A_host_that_starts_while_the_copy_is_fresh_serves_without_a_fetch_also_in_an_outage()
    {
        await StartAsync();
        await _issuer.StopAsync();

        var second = await StartAsync();

        Assert.Equal(HttpStatusCode.OK, await second.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(1, _issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_flood_on_three_hosts_costs_one_fetch_per_window()
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
        Assert.Equal(2, _issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_cache_that_fails_costs_nothing_but_the_sharing()
    {
        _cache.Fault = () => throw new IOException("The cache is down.");
        await StartAsync(2);

        foreach (var host in _hosts)
            Assert.Equal(HttpStatusCode.OK, await host.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(2, _issuer.JwksRequestCount);
    }

    [Theory]
    [InlineData("")]
    [InlineData("planted")]
    public async Task An_entry_that_a_stranger_planted_is_refused_and_replaced(string planted)
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
    public async Task A_good_entry_under_the_key_of_another_is_refused()
    {
        await StartAsync();
        var keys = _cache.Keys;
        var (copy, claim) = (keys.Single(key => !key.EndsWith(":claim", StringComparison.Ordinal)), keys.Single(key => key.EndsWith(":claim", StringComparison.Ordinal)));
        await _cache.SetAsync(copy, (await _cache.GetAsync(claim))!);
        await AdvanceAsync(TimeSpan.FromSeconds(1));

        var second = await StartAsync();

        Assert.Equal(HttpStatusCode.OK, await second.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(2, _issuer.JwksRequestCount);
    }

    [Fact]
    public async Task Entries_are_sealed()
    {
        await StartAsync();

        Assert.NotEmpty(_cache.Values);
        Assert.All(_cache.Values, value => Assert.DoesNotContain("jwks", Encoding.Latin1.GetString(value), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_shared_protection_the_host_does_not_start_unless_told_to_trust_the_cache()
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(isProtected: false));
        Assert.Contains(nameof(JwksDistributedCacheOptions.TrustEveryCacheWriter), refused.Message, StringComparison.Ordinal);

        await StartAsync(isProtected: false, configure: options => options.TrustEveryCacheWriter = true);
        var second = await StartAsync(isProtected: false, configure: options => options.TrustEveryCacheWriter = true);
        Assert.Equal(HttpStatusCode.OK, await second.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(1, _issuer.JwksRequestCount);
    }

    [Fact]
    public void A_second_engine_is_refused() =>
        Assert.Throws<InvalidOperationException>(() => new ServiceCollection().AddAuthentication().UseDistributedCache().UseDistributedCache());

    private async Task StartAsync(int count)
    {
        for (var index = 0; index < count; index++)
            await StartAsync();
    }

    private async Task<TestApi> StartAsync(bool isProtected = true, Action<JwksDistributedCacheOptions>? configure = null)
    {
        var host = await TestApi.StartAsync(services =>
        {
            services.AddSingleton<IDistributedCache>(_cache);
            services.AddAuthentication().AddJwksBearer().UseDistributedCache(configure);
            services.TrustFakeJwksServer(_issuer);
            services.AddDataProtection().SetApplicationName("api");
            if (isProtected)
                services.Configure<KeyManagementOptions>(options => options.XmlRepository = _protectionKeys);
        });
        _hosts.Add(host);

        await SettleAsync();
        return host;
    }

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

    private async Task SettleAsync()
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

    /// <summary>The framework's own cache in memory, with faults.</summary>
    private sealed class FaultyCache : IDistributedCache
    {
        private readonly MemoryDistributedCache _inner = new(Options.Create(new MemoryDistributedCacheOptions()));
        private readonly ConcurrentDictionary<string, byte> _keys = new();

        public Action? Fault { get; set; }

        public IReadOnlyList<string> Keys => [.. _keys.Keys];

        public IEnumerable<byte[]> Values => Keys.Select(key => _inner.Get(key)).OfType<byte[]>();

        public byte[]? Get(string key) => throw new NotSupportedException();

        public Task<byte[]?> GetAsync(string key, CancellationToken token = default)
        {
            Fault?.Invoke();
            return _inner.GetAsync(key, token);
        }

        public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new NotSupportedException();

        public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
        {
            Fault?.Invoke();
            _keys[key] = 0;
            return _inner.SetAsync(key, value, options, token);
        }

        public void Refresh(string key) => throw new NotSupportedException();

        public Task RefreshAsync(string key, CancellationToken token = default) => throw new NotSupportedException();

        public void Remove(string key) => throw new NotSupportedException();

        public Task RemoveAsync(string key, CancellationToken token = default) => _inner.RemoveAsync(key, token);
    }
}
