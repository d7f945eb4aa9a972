using JwksAuth.Keys;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Keys;

public class OnTheFlySourcesTests
{
    [Fact]
    public async Task AcquireOnTheFly_TwoThousandIssuersInOneWindow_KeepsAThousandAndRefusesTheRest()
    {
        await using var issuer = await StartIssuerAsync(new FakeClock());
        await using var services = SourceUnderTest.CreateServices();
        var registry = services.GetRequiredService<KeySourceRegistry>();
        issuer.Respond(FakeResponse.Status(503));
        var shared = SourceUnderTest.IdentityOf(issuer);

        var refused = 0;
        for (var index = 0; index < 2000; index++)
        {
            if (Acquire(registry, shared, index) is { } source)
                await source.StartAsync(CancellationToken.None);
            else
                refused++;
        }

        Assert.Equal(1000, refused);
        Assert.Equal(OnTheFlySources.Capacity, registry.Sources.Count);
        Assert.Equal(1000, issuer.JwksRequestCount);
    }

    [Fact]
    public async Task AcquireOnTheFly_WindowsOpenAgain_TheLongestUnusedLeavesForANewOne()
    {
        var clock = new FakeClock();
        await using var issuer = await StartIssuerAsync(clock);
        await using var services = SourceUnderTest.CreateServices();
        var registry = services.GetRequiredService<KeySourceRegistry>();
        var shared = SourceUnderTest.IdentityOf(issuer);
        var first = Acquire(registry, shared, 0);
        for (var index = 1; index < OnTheFlySources.Capacity; index++)
            Acquire(registry, shared, index);
        clock.Advance(TimeSpan.FromSeconds(10));
        var kept = Acquire(registry, shared, 1);
        Assert.Same(first, Acquire(registry, shared, 0));

        var added = Acquire(registry, shared, 5000);

        Assert.NotNull(added);
        Assert.Equal(OnTheFlySources.Capacity, registry.Sources.Count);
        Assert.Contains(first, registry.Sources);
        Assert.Contains(kept, registry.Sources);
        Assert.DoesNotContain(registry.Sources, source => source.Identity.Issuer == "https://2.test");
    }

    [Fact]
    public async Task AcquireOnTheFly_IdleForAnHour_LeavesWhenAnotherIssuerComes()
    {
        var clock = new FakeClock();
        await using var issuer = await StartIssuerAsync(clock);
        await using var services = SourceUnderTest.CreateServices();
        var registry = services.GetRequiredService<KeySourceRegistry>();
        var shared = SourceUnderTest.IdentityOf(issuer);
        Acquire(registry, shared, 0);
        clock.Advance(TimeSpan.FromMinutes(30));
        var used = Acquire(registry, shared, 1);
        clock.Advance(TimeSpan.FromMinutes(30));

        var added = Acquire(registry, shared, 2);

        Assert.Equal(new HashSet<RemoteKeySource?> { used, added }, registry.Sources.ToHashSet<RemoteKeySource?>());
    }

    [Fact]
    public async Task AcquireOnTheFly_NoTokenForAnHour_LeavesInsteadOfRefreshing()
    {
        var clock = new FakeClock();
        await using var issuer = await StartIssuerAsync(clock);
        await using var services = SourceUnderTest.CreateServices();
        var registry = services.GetRequiredService<KeySourceRegistry>();
        var shared = SourceUnderTest.IdentityOf(issuer);
        var source = Acquire(registry, shared, 0)!;
        await source.StartAsync(CancellationToken.None);
        for (var minutes = 0; minutes < 59; minutes++)
            await AdvanceAsync(clock, source);
        Assert.Same(source, Assert.Single(registry.Sources));
        Acquire(registry, shared, 0);

        for (var minutes = 0; minutes < 59; minutes++)
            await AdvanceAsync(clock, source);
        Assert.True(source.IsLoaded);
        var fetches = issuer.JwksRequestCount;
        for (var minutes = 0; minutes < 6; minutes++)
            await AdvanceAsync(clock, source);

        Assert.Empty(registry.Sources);
        Assert.False(source.IsLoaded);
        Assert.Equal(0, clock.ActiveTimers);
        Assert.InRange(issuer.JwksRequestCount, fetches, fetches + 1);
    }

    [Fact]
    public async Task AcquireOnTheFly_NeverFetched_LeavesAfterAnHour()
    {
        var clock = new FakeClock();
        await using var issuer = await StartIssuerAsync(clock);
        await using var services = SourceUnderTest.CreateServices();
        var registry = services.GetRequiredService<KeySourceRegistry>();
        Acquire(registry, SourceUnderTest.IdentityOf(issuer), 0);

        clock.Advance(TimeSpan.FromHours(1));

        Assert.Empty(registry.Sources);
        Assert.Equal(0, issuer.JwksRequestCount);
        Assert.Equal(0, clock.ActiveTimers);
    }

    [Fact]
    public async Task Acquire_TakenOverFromARequest_StaysHoweverLongNoTokenComes()
    {
        var clock = new FakeClock();
        await using var issuer = await StartIssuerAsync(clock);
        await using var services = SourceUnderTest.CreateServices();
        var registry = services.GetRequiredService<KeySourceRegistry>();
        var identity = SourceUnderTest.IdentityOf(issuer);
        var source = registry.AcquireOnTheFly(identity, KeySourceTuning.Default, new object())!;
        registry.Acquire(identity, KeySourceTuning.Default, new object());
        await source.StartAsync(CancellationToken.None);

        for (var minutes = 0; minutes < 180; minutes++)
            await AdvanceAsync(clock, source);

        Assert.True(source.IsLoaded);
        Assert.Same(source, Assert.Single(registry.Sources));
    }

    [Fact]
    public async Task Acquire_KnownOnTheFly_TakesItOverWithItsKeys()
    {
        await using var issuer = await StartIssuerAsync(new FakeClock());
        await using var services = SourceUnderTest.CreateServices();
        var registry = services.GetRequiredService<KeySourceRegistry>();
        var identity = SourceUnderTest.IdentityOf(issuer);
        var source = registry.AcquireOnTheFly(identity, KeySourceTuning.Default, new object());
        await source!.StartAsync(CancellationToken.None);

        Assert.Same(source, registry.Acquire(identity, KeySourceTuning.Default, new object()));
        Assert.Same(source, registry.AcquireOnTheFly(identity, KeySourceTuning.Default, new object()));
        Assert.Same(source, Assert.Single(registry.Sources));
        Assert.True(source.IsLoaded);
    }

    [Fact]
    public async Task Release_LastOwner_DropsTheKeysAtOnce()
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
    public async Task Acquire_AfterTheHostHasStopped_GivesAClosedSourceWithoutATimer()
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

    private static RemoteKeySource? Acquire(KeySourceRegistry registry, KeySourceIdentity shared, int index) =>
        registry.AcquireOnTheFly(shared with { Issuer = $"https://{index}.test" }, KeySourceTuning.Default, registry);

    private static Task<FakeJwksServer> StartIssuerAsync(FakeClock clock) => TestIssuer.StartAsync(clock);
}
