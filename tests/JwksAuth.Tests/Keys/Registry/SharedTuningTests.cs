using JwksAuth.Keys;
using JwksAuth.Keys.Registry;
using JwksAuth.Keys.Remote;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Keys.Registry;

/// <summary>Several schemes with different settings for one source.</summary>
public class SharedTuningTests
{
    private static readonly KeySourceTuning Strict = new(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromHours(1), TimeSpan.FromSeconds(2));
    private static readonly KeySourceTuning Loose = new(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10), null, TimeSpan.FromSeconds(20));

    [Fact]
    public void Without_a_request_the_default_applies() => Assert.Equal(KeySourceTuning.Default, new SharedTuning().Current);

    [Fact]
    public void A_single_request_applies_without_the_default()
    {
        var tuning = new SharedTuning();
        tuning.Ask(this, Loose);
        Assert.Equal(Loose, tuning.Current);
    }

    [Fact]
    public void Of_several_requests_the_strictest_value_of_each_setting_applies_in_any_order()
    {
        var (tuning, reversed) = (new SharedTuning(), new SharedTuning());
        tuning.Ask(Strict, Strict with { Cooldown = TimeSpan.FromSeconds(1) });
        tuning.Ask(Loose, Loose);
        reversed.Ask(Loose, Loose);
        reversed.Ask(Strict, Strict with { Cooldown = TimeSpan.FromSeconds(1) });

        Assert.Equal(Strict with { Cooldown = Loose.Cooldown }, tuning.Current);
        Assert.Equal(tuning.Current, reversed.Current);
    }

    [Fact]
    public void A_second_request_of_the_same_owner_replaces_the_first()
    {
        var tuning = new SharedTuning();
        tuning.Ask(this, Strict);
        tuning.Ask(this, Loose);
        Assert.Equal(Loose, tuning.Current);

        tuning.Ask(this, null);
        Assert.Equal(KeySourceTuning.Default, tuning.Current);
    }

    [Fact]
    public void Withdrawing_the_strictest_request_leaves_those_of_the_others()
    {
        var tuning = new SharedTuning();
        tuning.Ask(Strict, Strict);
        tuning.Ask(Loose, Loose);
        tuning.Withdraw(Strict);
        Assert.Equal(Loose, tuning.Current);
    }

    [Fact]
    public async Task The_cooldown_of_the_first_scheme_applies_if_a_second_one_allows_more()
    {
        await using var test = await StartAsync();
        var (first, second) = (new object(), new object());
        var source = test.Registry.Acquire(test.Identity, Strict, first);
        test.Registry.Acquire(test.Identity, Loose, second);
        await AskAsync(source);
        test.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(TimeSpan.FromSeconds(1), source.GetStatus().CooldownEndsIn);
        Assert.NotNull(source.GetStatus().ExpiresIn);

        test.Registry.Release(first);

        Assert.Equal(TimeSpan.Zero, source.GetStatus().CooldownEndsIn);
        Assert.Null(source.GetStatus().ExpiresIn);
    }

    [Fact]
    public async Task An_existing_source_follows_changed_options()
    {
        await using var test = await StartAsync();
        var (before, after) = (new object(), new object());
        var source = test.Registry.AcquireOnTheFly(test.Identity, Strict, before);
        await AskAsync(source);
        test.Registry.Release(before);

        Assert.Same(source, test.Registry.AcquireOnTheFly(test.Identity, Loose, after));

        Assert.Equal(Loose.Cooldown, source.GetStatus().CooldownEndsIn);
        Assert.Null(source.GetStatus().ExpiresIn);
        Assert.True(source.IsLoaded);
    }

    [Fact]
    public async Task A_shorter_interval_brings_the_next_fetch_forward()
    {
        await using var test = await SourceUnderTest.StartAsync(Loose);
        Assert.True(test.Source.GetStatus().NextFetchIn > TimeSpan.FromMinutes(7));
        var added = test.Issuer.RotateKey();

        test.Source.Tune(Strict);
        await test.AdvanceAsync(Strict.RefreshInterval);

        Assert.Equal(KeyLookupStatus.Found, test.Find(added.KeyId).Status);
        Assert.Equal(2, test.Issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_shorter_cooldown_releases_held_requests_when_it_ends()
    {
        await using var test = await SourceUnderTest.CreateAsync(Strict);
        await test.AskAsync(test.Issuer.CurrentKey.KeyId);
        var added = test.Issuer.RotateKey();
        var held = test.AskAsync(added.KeyId, TimeSpan.FromSeconds(40));
        Assert.False(held.IsCompleted);

        test.Clock.Advance(TimeSpan.FromSeconds(6));
        test.Source.Tune(Loose);

        Assert.Equal(KeyLookupStatus.Found, await held);
        Assert.Equal(2, test.Issuer.JwksRequestCount);
    }

    // As a token does, so that the cooldown begins.
    private static async Task AskAsync(RemoteKeySource source) =>
        await source.FetchAsync(new KeyFetch("any", SignatureAlgorithm.ES256, null, TimeSpan.Zero), CancellationToken.None);

    private static async Task<Registered> StartAsync()
    {
        var clock = new FakeClock();
        var issuer = await TestIssuer.StartAsync(clock);
        return new Registered(clock, issuer, SourceUnderTest.CreateServices());
    }

    private sealed record Registered(FakeClock Clock, FakeJwksServer Issuer, ServiceProvider Services) : IAsyncDisposable
    {
        public KeySourceRegistry Registry { get; } = Services.GetRequiredService<KeySourceRegistry>();

        public KeySourceIdentity Identity { get; } = SourceUnderTest.IdentityOf(Issuer);

        public async ValueTask DisposeAsync()
        {
            await Services.DisposeAsync();
            await Issuer.DisposeAsync();
        }
    }
}
