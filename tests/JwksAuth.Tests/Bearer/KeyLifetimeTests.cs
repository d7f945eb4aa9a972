using System.Net;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Bearer;

/// <summary>How long a withdrawn key keeps verifying, including cached tokens.</summary>
public sealed class KeyLifetimeTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private FakeJwksServer _issuer = null!;

    public async Task InitializeAsync() => _issuer = await TestIssuer.StartAsync(_clock);

    public Task DisposeAsync() => _issuer.DisposeAsync().AsTask();

    [Fact]
    public async Task A_cached_token_is_refused_within_the_refresh_interval_after_its_key_was_withdrawn()
    {
        await using var api = await TestApi.StartAsync(_issuer, options => options.TokenCacheDuration = TimeSpan.FromHours(1));
        var token = _issuer.CreateToken(fake => fake.WithLifetime(TimeSpan.FromHours(1)));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
        await api.AdvanceAsync(_clock, TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));

        _issuer.ReplaceAll();
        await api.AdvanceAsync(_clock, TimeSpan.FromMinutes(5));

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(token));
    }

    [Fact]
    public async Task A_cached_token_is_refused_after_an_unknown_kid_reveals_the_withdrawal_of_its_key()
    {
        await using var api = await TestApi.StartAsync(_issuer);
        var token = _issuer.CreateToken();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
        await api.AdvanceAsync(_clock, TimeSpan.FromSeconds(10));
        _issuer.ReplaceAll();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(token));
    }

    [Fact]
    public async Task A_token_that_outlives_the_maximum_age_is_refused_after_its_key_was_withdrawn()
    {
        await using var api = await TestApi.StartAsync(_issuer, options => options.MaximumAge = TimeSpan.FromSeconds(600));
        var token = _issuer.CreateToken(fake => fake.WithLifetime(TimeSpan.FromSeconds(1200)));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
        _issuer.ReplaceAll();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));

        await api.AdvanceAsync(_clock, TimeSpan.FromSeconds(900), TimeSpan.FromSeconds(60));

        Assert.Equal("401 Bearer error=\"invalid_token\", error_description=\"The signature key of the token was not found\"", await api.GetChallengeAsync(token));
    }

    [Fact]
    public async Task Of_many_keys_with_one_kid_four_are_tried()
    {
        FakeSigningKey[] crowd = [.. Enumerable.Range(0, 6).Select(_ => FakeSigningKey.Create("ES256", "same"))];
        _issuer.ReplaceAll(crowd);
        await using var api = await TestApi.StartAsync(_issuer);

        var passed = 0;
        foreach (var key in crowd)
        {
            if (await api.GetStatusAsync(_issuer.CreateToken(token => token.SignedBy(key))) == HttpStatusCode.OK)
                passed++;
        }

        Assert.Equal(4, passed);
        Assert.Equal(1, _issuer.JwksRequestCount);
    }
}
