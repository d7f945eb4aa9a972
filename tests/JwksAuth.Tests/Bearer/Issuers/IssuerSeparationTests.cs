using System.Net;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Bearer.Issuers;

/// <summary>Several issuers in one scheme: each has its own keys, cooldown and outages.</summary>
public class IssuerSeparationTests
{
    private readonly FakeClock _clock = new();

    [Fact]
    public async Task A_token_of_one_issuer_signed_with_the_key_of_another_is_refused()
    {
        await using var server = await StartServerAsync();
        var (first, second) = (server.AddIssuer("first"), server.AddIssuer("second"));
        await using var api = await StartApiAsync(server, first, second);

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(first.CreateToken()));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(second.CreateToken()));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(second.CreateToken(token => token.SignedBy(first.CurrentKey))));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(
            second.CreateToken(token => token.SignedBy(first.CurrentKey).WithKeyId(second.CurrentKey.KeyId))));
    }

    [Fact]
    public async Task A_flood_for_one_issuer_does_not_start_the_cooldown_of_the_other()
    {
        await using var server = await StartServerAsync();
        var (first, second) = (server.AddIssuer("first"), server.AddIssuer("second"));
        await using var api = await StartApiAsync(server, first, second);
        await api.AdvanceAsync(_clock, TimeSpan.FromSeconds(10));
        for (var count = 0; count < 100; count++)
            await api.GetStatusAsync(first.CreateToken(token => token.WithUnknownKeyId()));
        second.RotateKey();

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(second.CreateToken()));
        Assert.Equal(2, first.JwksRequestCount);
        Assert.Equal(2, second.JwksRequestCount);
    }

    [Fact]
    public async Task Ten_callers_of_each_of_two_issuers_cause_one_fetch_per_issuer_and_one_more_after_a_rotation()
    {
        await using var server = await StartServerAsync();
        var (first, second) = (server.AddIssuer("first"), server.AddIssuer("second"));
        await using var api = await StartApiAsync(server, first, second);
        await api.AdvanceAsync(_clock, TimeSpan.FromSeconds(20));
        first.RotateKey();
        second.RotateKey();

        var requests = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            index => api.GetStatusAsync((index % 2 == 0 ? first : second).CreateToken())));

        Assert.All(requests, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(2, first.JwksRequestCount);
        Assert.Equal(2, second.JwksRequestCount);
    }

    [Fact]
    public async Task An_issuer_that_hangs_does_not_affect_the_other()
    {
        await using var server = await StartServerAsync();
        var (first, second) = (server.AddIssuer("first"), server.AddIssuer("second"));
        await using var api = await StartApiAsync(server, first, second);
        await api.AdvanceAsync(_clock, TimeSpan.FromSeconds(10));
        first.Respond(FakeResponse.Hang);
        second.RotateKey();
        var hanging = api.GetStatusAsync(first.CreateToken(token => token.WithUnknownKeyId()));
        await first.WaitForJwksRequestsAsync(2);

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(second.CreateToken()));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(first.CreateToken()));

        Assert.False(hanging.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(HttpStatusCode.Unauthorized, await hanging);
    }

    [Fact]
    public async Task An_unknown_issuer_costs_no_fetch_and_no_source()
    {
        await using var server = await StartServerAsync();
        var (first, second) = (server.AddIssuer("first"), server.AddIssuer("second"));
        await using var api = await StartApiAsync(server, first, second);
        await api.AdvanceAsync(_clock, TimeSpan.FromSeconds(10));

        for (var count = 0; count < 1000; count++)
            Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(
                first.CreateToken(token => token.WithIssuer($"https://{count}.test").WithUnknownKeyId())));

        Assert.Equal(2, first.JwksRequestCount + second.JwksRequestCount);
        Assert.Equal(2, api.Sources().Count);
    }

    /// <summary>An API that trusts both issuers and has their keys.</summary>
    private static async Task<TestApi> StartApiAsync(FakeJwksServer server, params FakeIssuer[] issuers)
    {
        var api = await TestApi.StartAsync(services => services.AddAuthentication().AddJwksBearer(options =>
        {
            options.BackchannelHttpHandler = server.CreateHandler();
            options.TimeProvider = server.TimeProvider;
            options.Audience = server.Audience;
            foreach (var issuer in issuers)
                options.Issuers.Add(new JwksIssuer { Authority = issuer.Issuer });
        }));
        await api.FetchesEndAsync();
        Assert.All(api.Sources(), source => Assert.True(source.IsLoaded));
        return api;
    }

    private Task<FakeJwksServer> StartServerAsync() => TestIssuer.StartAsync(_clock);
}
