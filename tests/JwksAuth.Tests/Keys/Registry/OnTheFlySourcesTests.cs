using JwksAuth.Keys;
using JwksAuth.Keys.Registry;
using JwksAuth.Keys.Remote;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Keys.Registry;

public class OnTheFlySourcesTests
{
    [Fact]
    public async Task Two_thousand_issuers_in_one_cooldown_are_all_served_with_one_fetch_each_and_a_thousand_are_kept()
    {
        await using var issuer = await StartIssuerAsync(new FakeClock());
        await using var services = SourceUnderTest.CreateServices();
        var registry = services.GetRequiredService<KeySourceRegistry>();
        issuer.Respond(FakeResponse.Status(503));
        var shared = SourceUnderTest.IdentityOf(issuer);

        for (var round = 0; round < 2; round++)
        {
            for (var index = 0; index < 2000; index++)
                Assert.Equal(KeyLookupStatus.Unavailable, await AskAsync(Acquire(registry, shared, index), "any"));
        }

        Assert.Equal(OnTheFlySources.DefaultLimit, registry.Sources.Count);
        Assert.Equal(2000, issuer.JwksRequestCount);
    }

    [Fact]
    public async Task At_the_limit_the_least_recently_used_source_is_dropped()
    {
        await using var issuer = await StartIssuerAsync(new FakeClock());
        await using var services = SourceUnderTest.CreateServices();
        var registry = services.GetRequiredService<KeySourceRegistry>();
        var shared = SourceUnderTest.IdentityOf(issuer);
        var sources = Enumerable.Range(0, OnTheFlySources.DefaultLimit).Select(index => Acquire(registry, shared, index)).ToArray();
        Assert.Same(sources[1], Acquire(registry, shared, 1));
        Assert.Same(sources[0], Acquire(registry, shared, 0));

        var added = Acquire(registry, shared, 5000);

        Assert.Equal(OnTheFlySources.DefaultLimit, registry.Sources.Count);
        Assert.Equal(registry.Sources.ToHashSet(), sources.Append(added).Where(source => source != sources[2]).ToHashSet());
    }

    [Fact]
    public async Task At_the_limit_a_source_that_has_verified_a_token_is_kept()
    {
        await using var issuer = await StartIssuerAsync(new FakeClock());
        await using var services = SourceUnderTest.CreateServices();
        var registry = services.GetRequiredService<KeySourceRegistry>();
        var shared = SourceUnderTest.IdentityOf(issuer);
        var proved = Acquire(registry, shared, 0);
        await proved.StartAsync(CancellationToken.None);
        Use(proved, issuer);

        for (var index = 1; index < 3 * OnTheFlySources.DefaultLimit; index++)
            Acquire(registry, shared, index);

        Assert.Contains(proved, registry.Sources);
        Assert.Equal(OnTheFlySources.DefaultLimit, registry.Sources.Count);
    }

    [Fact]
    public async Task If_all_sources_have_verified_a_token_the_least_recently_used_is_dropped_and_the_new_one_is_next()
    {
        await using var issuer = await StartIssuerAsync(new FakeClock());
        await using var services = SourceUnderTest.CreateServices();
        var registry = services.GetRequiredService<KeySourceRegistry>();
        var shared = SourceUnderTest.IdentityOf(issuer);
        var proved = Enumerable.Range(0, 5).Select(index => Acquire(registry, shared, index, limit: 5)).ToArray();
        foreach (var source in proved)
        {
            await source.StartAsync(CancellationToken.None);
            Use(source, issuer);
        }

        for (var index = 5; index < 20; index++)
            Acquire(registry, shared, index, limit: 5);

        Assert.Equal(5, registry.Sources.Count);
        Assert.Equal(proved[1..].ToHashSet(), registry.Sources.Intersect(proved).ToHashSet());
    }

    [Fact]
    public async Task A_source_with_a_running_fetch_is_not_dropped()
    {
        await using var issuer = await StartIssuerAsync(new FakeClock());
        await using var services = SourceUnderTest.CreateServices();
        var registry = services.GetRequiredService<KeySourceRegistry>();
        var shared = SourceUnderTest.IdentityOf(issuer);
        var first = Acquire(registry, shared, 0, limit: 2);
        Task<KeyLookupStatus> asked;
        using (issuer.HoldResponses())
        {
            asked = AskAsync(first, issuer.CurrentKey.KeyId);
            for (var index = 1; index < 10; index++)
                Acquire(registry, shared, index, limit: 2);
        }

        Assert.Equal(KeyLookupStatus.Found, await asked);
    }

    [Fact]
    public async Task A_source_dropped_during_its_cooldown_is_restored_with_its_keys_and_cooldown()
    {
        var clock = new FakeClock();
        await using var issuer = await StartIssuerAsync(clock);
        await using var services = SourceUnderTest.CreateServices();
        var registry = services.GetRequiredService<KeySourceRegistry>();
        var shared = SourceUnderTest.IdentityOf(issuer);
        await AskAsync(Acquire(registry, shared, 0, limit: 1), "bogus");
        clock.Advance(TimeSpan.FromSeconds(4));
        Acquire(registry, shared, 1, limit: 1);

        var back = Acquire(registry, shared, 0, limit: 1);
        Assert.Equal(KeyLookupStatus.Found, await AskAsync(back, issuer.CurrentKey.KeyId));
        Assert.Equal(KeyLookupStatus.Unknown, await AskAsync(back, "bogus"));
        Assert.Equal(TimeSpan.FromSeconds(6), back.GetStatus().CooldownEndsIn);
        Assert.Equal(1, issuer.JwksRequestCount);

        clock.Advance(TimeSpan.FromSeconds(6));
        Acquire(registry, shared, 1, limit: 1);
        Assert.False(Acquire(registry, shared, 0, limit: 1).IsLoaded);
    }

    [Fact]
    public async Task After_a_refresh_or_clear_the_keys_of_dropped_sources_are_not_restored()
    {
        await using var issuer = await StartIssuerAsync(new FakeClock());
        await using var services = SourceUnderTest.CreateServices();
        var registry = services.GetRequiredService<KeySourceRegistry>();
        var shared = SourceUnderTest.IdentityOf(issuer);
        await AskAsync(Acquire(registry, shared, 0, limit: 1), "bogus");
        Acquire(registry, shared, 1, limit: 1);

        new JwksManager(registry).Clear(null);

        Assert.False(Acquire(registry, shared, 0, limit: 1).IsLoaded);
    }

    [Fact]
    public async Task The_largest_limit_applies_until_its_owner_is_released()
    {
        await using var issuer = await StartIssuerAsync(new FakeClock());
        await using var services = SourceUnderTest.CreateServices();
        var registry = services.GetRequiredService<KeySourceRegistry>();
        var shared = SourceUnderTest.IdentityOf(issuer);
        var (few, many) = (new object(), new object());
        for (var index = 0; index < 20; index++)
            registry.AcquireOnTheFly(Tenant(shared, index), KeySourceTuning.Default, index % 2 == 0 ? few : many, limit: index % 2 == 0 ? 2 : 10);
        Assert.Equal(10, registry.Sources.Count);

        registry.Release(many);
        registry.AcquireOnTheFly(Tenant(shared, 100), KeySourceTuning.Default, few, limit: 2);

        Assert.Equal(2, registry.Sources.Count);
    }

    [Fact]
    public async Task Issuers_with_one_address_share_one_source()
    {
        await using var issuer = await StartIssuerAsync(new FakeClock());
        await using var services = SourceUnderTest.CreateServices();
        var registry = services.GetRequiredService<KeySourceRegistry>();
        var shared = SourceUnderTest.IdentityOf(issuer);

        var sources = Enumerable.Range(0, 2000).Select(index => registry.AcquireOnTheFly(
            shared with { Issuer = $"https://{index}.test" }, KeySourceTuning.Default, registry)).Distinct();

        Assert.Same(Assert.Single(sources), Assert.Single(registry.Sources));
        Assert.True(registry.Sources[0].IsKnownAs("https://7.test"));
        Assert.False(registry.Sources[0].IsKnownAs("https://other.test"));
    }

    [Fact]
    public async Task A_source_that_never_verified_a_token_is_dropped_instead_of_refreshed()
    {
        var clock = new FakeClock();
        await using var issuer = await StartIssuerAsync(clock);
        await using var services = SourceUnderTest.CreateServices();
        var registry = services.GetRequiredService<KeySourceRegistry>();
        var source = Acquire(registry, SourceUnderTest.IdentityOf(issuer), 0);
        await AskAsync(source, "bogus");

        for (var minutes = 0; minutes < 60; minutes++)
            await AdvanceAsync(clock, source);

        Assert.Empty(registry.Sources);
        Assert.False(source.IsLoaded);
        Assert.Equal(0, clock.ActiveTimers);
        Assert.Equal(1, issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_source_that_verified_nothing_for_15_minutes_is_dropped_instead_of_refreshed()
    {
        var clock = new FakeClock();
        await using var issuer = await StartIssuerAsync(clock);
        await using var services = SourceUnderTest.CreateServices();
        var registry = services.GetRequiredService<KeySourceRegistry>();
        var source = Acquire(registry, SourceUnderTest.IdentityOf(issuer), 0);
        await source.StartAsync(CancellationToken.None);
        for (var minutes = 0; minutes < 60; minutes++)
        {
            Use(source, issuer);
            await AdvanceAsync(clock, source);
        }

        Assert.Same(source, Assert.Single(registry.Sources));
        var fetches = issuer.JwksRequestCount;
        for (var minutes = 0; minutes < 26; minutes++)
            await AdvanceAsync(clock, source);

        Assert.Empty(registry.Sources);
        Assert.Equal(0, clock.ActiveTimers);
        Assert.InRange(issuer.JwksRequestCount, fetches, fetches + 5);
    }

    [Fact]
    public async Task A_source_that_never_had_keys_is_dropped_without_a_fetch_of_its_own()
    {
        var clock = new FakeClock();
        await using var issuer = await StartIssuerAsync(clock);
        await using var services = SourceUnderTest.CreateServices();
        var registry = services.GetRequiredService<KeySourceRegistry>();
        issuer.Respond(FakeResponse.Status(500));
        var source = Acquire(registry, SourceUnderTest.IdentityOf(issuer), 0);
        await AskAsync(source, "any");
        clock.Advance(TimeSpan.FromSeconds(10));
        await source.CurrentFetch;
        Assert.Equal(1, issuer.JwksRequestCount);

        await AskAsync(source, "any");
        Assert.Equal(2, issuer.JwksRequestCount);
        for (var minutes = 0; minutes < 60; minutes++)
            await AdvanceAsync(clock, source);

        Assert.Equal(2, issuer.JwksRequestCount);
        Assert.Empty(registry.Sources);
        Assert.Equal(0, clock.ActiveTimers);
    }

    [Fact]
    public async Task A_source_that_never_fetched_is_dropped()
    {
        var clock = new FakeClock();
        await using var issuer = await StartIssuerAsync(clock);
        await using var services = SourceUnderTest.CreateServices();
        var registry = services.GetRequiredService<KeySourceRegistry>();
        Acquire(registry, SourceUnderTest.IdentityOf(issuer), 0);

        clock.Advance(BackgroundSchedule.EmptyLifetime);

        Assert.Empty(registry.Sources);
        Assert.Equal(0, issuer.JwksRequestCount);
        Assert.Equal(0, clock.ActiveTimers);
    }

    [Fact]
    public async Task A_source_that_is_configured_after_a_failed_fetch_recovers_without_a_token()
    {
        var clock = new FakeClock();
        await using var issuer = await StartIssuerAsync(clock);
        await using var services = SourceUnderTest.CreateServices();
        var registry = services.GetRequiredService<KeySourceRegistry>();
        var identity = SourceUnderTest.IdentityOf(issuer);
        issuer.Jwks.RespondOnce(FakeResponse.Status(500));
        var source = registry.AcquireOnTheFly(identity, KeySourceTuning.Default, new object());
        await AskAsync(source, "any");

        Assert.Same(source, registry.Acquire(identity, KeySourceTuning.Default, new object()));
        clock.Advance(TimeSpan.FromSeconds(1));
        await source.CurrentFetch;

        Assert.True(source.IsLoaded);
    }

    [Fact]
    public async Task A_source_that_is_configured_after_a_request_is_kept_without_tokens()
    {
        var clock = new FakeClock();
        await using var issuer = await StartIssuerAsync(clock);
        await using var services = SourceUnderTest.CreateServices();
        var registry = services.GetRequiredService<KeySourceRegistry>();
        var identity = SourceUnderTest.IdentityOf(issuer);
        var source = registry.AcquireOnTheFly(identity, KeySourceTuning.Default, new object());
        registry.Acquire(identity, KeySourceTuning.Default, new object());
        await source.StartAsync(CancellationToken.None);

        for (var minutes = 0; minutes < 180; minutes++)
            await AdvanceAsync(clock, source);

        Assert.True(source.IsLoaded);
        Assert.Same(source, Assert.Single(registry.Sources));
    }

    [Fact]
    public async Task Configuring_a_source_found_at_run_time_keeps_its_keys()
    {
        await using var issuer = await StartIssuerAsync(new FakeClock());
        await using var services = SourceUnderTest.CreateServices();
        var registry = services.GetRequiredService<KeySourceRegistry>();
        var identity = SourceUnderTest.IdentityOf(issuer);
        var source = registry.AcquireOnTheFly(identity, KeySourceTuning.Default, new object());
        await source.StartAsync(CancellationToken.None);

        Assert.Same(source, registry.Acquire(identity, KeySourceTuning.Default, new object()));
        Assert.Same(source, registry.AcquireOnTheFly(identity, KeySourceTuning.Default, new object()));
        Assert.Same(source, Assert.Single(registry.Sources));
        Assert.True(source.IsLoaded);
    }

    [Fact]
    public async Task The_release_of_the_last_owner_drops_the_keys_at_once()
    {
        await using var issuer = await StartIssuerAsync(new FakeClock());
        await using var services = SourceUnderTest.CreateServices();
        var registry = services.GetRequiredService<KeySourceRegistry>();
        var identity = SourceUnderTest.IdentityOf(issuer);
        var (first, second) = (new object(), new object());
        var source = registry.Acquire(identity, KeySourceTuning.Default, first);
        Assert.Same(source, registry.Acquire(identity, KeySourceTuning.Default, second));
        await source.StartAsync(CancellationToken.None);

        registry.Release(first);
        Assert.NotNull(source.CurrentSet);
        registry.Release(second);

        Assert.Null(source.CurrentSet);
        Assert.Empty(registry.Sources);
    }

    [Fact]
    public async Task A_source_requested_after_the_host_has_stopped_is_closed_and_has_no_timer()
    {
        var clock = new FakeClock();
        await using var issuer = await StartIssuerAsync(clock);
        var services = SourceUnderTest.CreateServices();
        var registry = services.GetRequiredService<KeySourceRegistry>();
        var kept = registry.Acquire(SourceUnderTest.IdentityOf(issuer), KeySourceTuning.Default, new object());
        await kept.StartAsync(CancellationToken.None);
        await services.DisposeAsync();
        Assert.Equal(0, clock.ActiveTimers);

        var late = registry.Acquire(SourceUnderTest.IdentityOf(issuer), KeySourceTuning.Default, new object());
        await late.StartAsync(CancellationToken.None);

        Assert.False(late.IsLoaded);
        Assert.Equal(1, issuer.JwksRequestCount);
        Assert.Equal(0, clock.ActiveTimers);
    }

    private static async Task AdvanceAsync(FakeClock clock, RemoteKeySource source)
    {
        clock.Advance(TimeSpan.FromMinutes(1));
        await source.CurrentFetch;
    }

    private static RemoteKeySource Acquire(KeySourceRegistry registry, KeySourceIdentity shared, int index, int limit = OnTheFlySources.DefaultLimit) =>
        registry.AcquireOnTheFly(Tenant(shared, index), KeySourceTuning.Default, registry, limit: limit);

    private static KeySourceIdentity Tenant(KeySourceIdentity shared, int index) =>
        shared with { Issuer = $"https://{index}.test", JwksUri = $"{shared.JwksUri}?tenant={index}" };

    private static async Task<KeyLookupStatus> AskAsync(RemoteKeySource source, string keyId) =>
        (await source.FetchAsync(new KeyFetch(keyId, SignatureAlgorithm.ES256, source.CurrentSet, TimeSpan.Zero), CancellationToken.None)).Status;

    private static void Use(RemoteKeySource source, FakeJwksServer issuer) =>
        source.Find(new KeyQuery(true, issuer.CurrentKey.KeyId, SignatureAlgorithm.ES256)).Keys[0].MarkUsed(issuer.TimeProvider.GetUtcNow());

    private static Task<FakeJwksServer> StartIssuerAsync(FakeClock clock) => TestIssuer.StartAsync(clock);
}
