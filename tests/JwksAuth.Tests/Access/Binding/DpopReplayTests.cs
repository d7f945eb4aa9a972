using JwksAuth.Replay;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Access.Binding;

/// <summary>A proof can be used once: per client, for how long, and with a full cache (RFC 9449 section 11.1).</summary>
public class DpopReplayTests
{
    private const string UsedBefore = "The DPoP proof was used before";

    [Fact]
    public async Task Two_clients_may_choose_the_same_identifier()
    {
        await using var api = await DpopApi.StartAsync();
        using var other = new DpopClient(api.Clock);
        var (token, othersToken) = (api.CreateToken(), api.CreateToken(other.Thumbprint));

        Assert.Equal("200", await api.AskAsync(token, api.Client.CreateProof(token, claims => claims["jti"] = "1")));
        Assert.Equal("200", await api.AskAsync(othersToken, other.CreateProof(othersToken, claims => claims["jti"] = "1")));
        Assert.Equal(DpopApi.Refused(UsedBefore), await api.AskAsync(token, api.Client.CreateProof(token, claims => claims["jti"] = "1")));
    }

    [Fact]
    public async Task A_proof_that_is_dated_ahead_is_stored_for_longer()
    {
        await using var api = await DpopApi.StartAsync();
        var token = api.CreateToken();
        var proof = api.Client.CreateProof(token, claims => claims["iat"] = api.Clock.GetUtcNow().ToUnixTimeSeconds() + 9);
        Assert.Equal("200", await api.AskAsync(token, proof));

        api.Clock.Advance(TimeSpan.FromSeconds(65));
        Assert.Equal("200", await api.AskAsync(token, api.Client.CreateProof(token)));
        Assert.Equal(DpopApi.Refused(UsedBefore), await api.AskAsync(token, proof));
        api.Clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(DpopApi.Refused(UsedBefore), await api.AskAsync(token, proof));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_used_proof_does_not_pass_again_after_the_clock_was_set_back(bool isForgottenMeanwhile)
    {
        await using var api = await DpopApi.StartAsync();
        var token = api.CreateToken();
        var proof = api.Client.CreateProof(token);
        Assert.Equal("200", await api.AskAsync(token, proof));
        api.Clock.Advance(TimeSpan.FromSeconds(71));
        if (isForgottenMeanwhile)
            Assert.Equal("200", await api.AskAsync(token, api.Client.CreateProof(token)));

        api.Clock.ShiftWallClock(TimeSpan.FromSeconds(-60));
        Assert.Equal(DpopApi.Refused(UsedBefore), await api.AskAsync(token, proof));
        Assert.Equal("200", await api.AskAsync(token, api.Client.CreateProof(token)));
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData(JwksAuthDefaults.IntrospectionScheme)]
    public async Task A_client_whose_share_is_used_up_is_answered_503_and_named_in_the_log_once(string scheme)
    {
        await using var api = await DpopApi.StartAsync(configureServices: services => services.AddSingleton<IJwksReplayCache>(provider =>
            new MemoryReplayCache(provider.GetRequiredService<TimeProvider>(), capacity: 50)), scheme: scheme);
        var token = api.CreateToken();
        for (var count = 0; count < 10; count++)
            Assert.Equal("200", await api.AskAsync(token, api.Client.CreateProof(token)));

        for (var count = 0; count < 20; count++)
        {
            using var response = await api.SendAsync(token, api.Client.CreateProof(token));
            Assert.Equal((503, "10"), ((int)response.StatusCode, response.Headers.RetryAfter?.ToString()));
        }

        var entry = Assert.Single(api.Log.Entries, entry => entry.Id.Name == "ReplayCacheFull");
        Assert.Contains(api.Client.Thumbprint, entry.Text, StringComparison.Ordinal);
        api.Clock.Advance(TimeSpan.FromSeconds(75));
        Assert.Equal("200", await api.AskAsync(token, api.Client.CreateProof(token)));
    }

    [Fact]
    public async Task Neither_another_client_nor_100_000_uses_of_other_kinds_displace_a_proof()
    {
        await using var api = await DpopApi.StartAsync();
        var guard = api.Services.GetRequiredService<ReplayGuard>();
        var lifetime = TimeSpan.FromMinutes(1);
        foreach (var kind in Enum.GetValues<JwksReplayKind>())
        {
            for (var number = 0; number < 100_000; number++)
                await guard.UseAsync(kind, "greedy", $"{number}", lifetime, CancellationToken.None);
        }

        var token = api.CreateToken();
        Assert.Equal("200", await api.AskAsync(token, api.Client.CreateProof(token)));
    }
}
