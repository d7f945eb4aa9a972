using System.Net;
using JwksAuth.Bearer.Cache;
using JwksAuth.Bearer.Configuration;
using JwksAuth.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Bearer.Cache;

/// <summary>Which tokens are cached, and for how long.</summary>
public class TokenCacheTests
{
    private readonly FakeClock _clock = new();

    [SkippableFact]
    public async Task A_token_is_cached_from_its_second_use_on_and_a_refused_token_never()
    {
        Skip.IfNot(TestApi.RemembersTokens, "The token cache is off.");
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer);
        var token = issuer.CreateToken();
        var refused = issuer.CreateToken(other => other.WithWrongSignature());

        var remembered = new List<int>();
        for (var count = 0; count < 4; count++)
        {
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
            Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(refused));
            remembered.Add(CacheOf(api)!.Count);
        }

        Assert.Equal([0, 1, 1, 1], remembered);
    }

    [Fact]
    public async Task A_token_with_the_same_ending_as_a_cached_one_is_not_mistaken_for_it()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer);
        var token = issuer.CreateToken(fake => fake.WithSubject("alice"));
        await RememberAsync(api, token);
        var (good, other) = (token.Split('.'), issuer.CreateToken(fake => fake.WithSubject("mallory")).Split('.'));

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync($"{good[0]}.{other[1]}.{good[2]}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync($"{other[0]}.{other[1]}.{good[2]}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync($"{good[0]}.{good[1]}.{other[2][..16]}{good[2][16..]}"));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
    }

    [Fact]
    public async Task A_cached_token_is_refused_when_it_expires()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer, options => options.ClockSkew = TimeSpan.Zero);
        var token = issuer.CreateToken(fake => fake.WithLifetime(TimeSpan.FromSeconds(90)));

        await RememberAsync(api, token);
        _clock.Advance(TimeSpan.FromSeconds(89));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("401 Bearer error=\"invalid_token\", error_description=\"The token has expired\"", await api.GetChallengeAsync(token));
    }

    [Fact]
    public async Task A_cached_token_is_refused_when_a_refresh_finds_its_key_withdrawn()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer);
        var token = issuer.CreateToken();
        await RememberAsync(api, token);

        var old = issuer.CurrentKey;
        issuer.RotateKey();
        issuer.Withdraw(old);
        var result = Assert.Single(await api.Manager.RefreshAsync());

        Assert.Equal([old.KeyId], result.RemovedKeyIds);
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(token));
    }

    [SkippableFact]
    public async Task A_cached_token_survives_a_refresh_that_keeps_its_key()
    {
        Skip.IfNot(TestApi.RemembersTokens, "The token cache is off.");
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer);
        var token = issuer.CreateToken();
        await RememberAsync(api, token);

        issuer.RotateKey();
        await api.Manager.RefreshAsync();

        Assert.True(IsRemembered(api, token));
    }

    [Fact]
    public async Task A_cached_token_is_not_accepted_when_its_keys_are_too_old()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer, options => options.MaximumAge = TimeSpan.FromMinutes(2));
        var token = issuer.CreateToken();
        await RememberAsync(api, token);

        issuer.Respond(FakeResponse.Status(500));
        _clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(token));
    }

    [Fact]
    public async Task A_cached_token_is_judged_again_when_options_change()
    {
        await using var issuer = await StartIssuerAsync();
        var settings = new TestApiSettings();
        settings.Configuration["Authentication:Schemes:Bearer:ValidAudience"] = "api";
        await using var api = await TestApi.StartAsync(services => AddScheme(services, issuer), settings);
        var token = issuer.CreateToken();
        await RememberAsync(api, token);

        var configuration = (IConfigurationRoot)api.Services.GetRequiredService<IConfiguration>();
        configuration["Authentication:Schemes:Bearer:ValidAudience"] = "another";
        configuration.Reload();

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(token));
        Assert.Equal(1, issuer.JwksRequestCount);
    }

    [SkippableFact]
    public async Task A_token_is_dropped_after_the_duration_and_verified_again()
    {
        Skip.IfNot(TestApi.RemembersTokens, "The token cache is off.");
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer);
        var token = issuer.CreateToken();
        await RememberAsync(api, token);

        _clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.True(IsRemembered(api, token));
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.False(IsRemembered(api, token));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(10, 0)]
    public async Task An_option_switches_the_cache_off(int capacity, int minutes)
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer, options =>
        {
            options.TokenCacheCapacity = capacity;
            options.TokenCacheDuration = TimeSpan.FromMinutes(minutes);
        });

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
        Assert.Null(CacheOf(api));
    }

    [SkippableFact]
    public async Task The_cache_stays_within_its_capacity()
    {
        Skip.IfNot(TestApi.RemembersTokens, "The token cache is off.");
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer, options => options.TokenCacheCapacity = 50);

        for (var count = 0; count < 200; count++)
            await RememberAsync(api, issuer.CreateToken());

        Assert.InRange(CacheOf(api)!.Count, 1, 50);
    }

    private static IServiceCollection AddScheme(IServiceCollection services, FakeJwksServer issuer)
    {
        services.AddAuthentication().AddJwksBearer();
        return services.TrustFakeJwksServer(issuer);
    }

    // The first use marks a token, the second caches it, and the third finds it.
    private static async Task RememberAsync(TestApi api, string token)
    {
        for (var count = 0; count < 3; count++)
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
    }

    private static bool IsRemembered(TestApi api, string token) =>
        CacheOf(api)!.Find(token) is not null;

    private static ValidatedTokenCache? CacheOf(TestApi api) => api.Services.GetRequiredService<BearerPlans>().Of("Bearer").Cache;

    private Task<FakeJwksServer> StartIssuerAsync() => TestIssuer.StartAsync(_clock);
}
