using JwksAuth.Replay;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Issuer.ClientAssertions;

/// <summary>An assertion can be used once: how long it is stored, and what happens if there is no room for it.</summary>
public class ClientReplayTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_used_assertion_does_not_pass_again_after_the_clock_was_set_back(bool isForgottenMeanwhile)
    {
        var (server, client) = await TokenServer.StartWithClientAsync();
        await using var closing = server;
        var assertion = TokenServer.Assert(client);
        Assert.Equal("Valid", await server.JudgeAsync(assertion));
        server.Clock.Advance(TimeSpan.FromSeconds(181));
        if (isForgottenMeanwhile)
            Assert.Equal("Valid", await server.JudgeAsync(TokenServer.Assert(client)));

        server.Clock.ShiftWallClock(TimeSpan.FromSeconds(-120));
        Assert.Equal("Replayed", await server.JudgeAsync(assertion));
        Assert.Equal("Valid", await server.JudgeAsync(TokenServer.Assert(client)));
    }

    [Fact]
    public async Task A_client_that_authenticates_100_000_times_does_not_affect_other_clients()
    {
        var (server, client) = await TokenServer.StartWithClientAsync();
        await using var closing = server;
        var guard = server.Api.Services.GetRequiredService<ReplayGuard>();
        foreach (var kind in Enum.GetValues<JwksReplayKind>())
        {
            for (var number = 0; number < 100_000; number++)
                await guard.UseAsync(kind, "greedy", $"{number}", TimeSpan.FromMinutes(6), CancellationToken.None);
        }

        Assert.Equal("Valid", await server.JudgeAsync(TokenServer.Assert(client)));
        Assert.Equal(3, server.Log.Entries.Count(entry => entry.Id.Name == "ReplayCacheFull"));
    }

    [Fact]
    public async Task A_client_that_exhausts_its_share_gets_503_rather_than_a_replay_error()
    {
        var (server, client) = await TokenServer.StartWithClientAsync(configureServices: services => services.AddSingleton<IJwksReplayCache>(provider =>
            new MemoryReplayCache(provider.GetRequiredService<TimeProvider>(), capacity: 5)));
        await using var closing = server;
        var first = TokenServer.Assert(client);
        Assert.Equal("Valid", await server.JudgeAsync(first));

        var full = await server.ValidateAsync(TokenServer.Assert(client));
        Assert.Equal((JwksClientAssertionFailure.Unavailable, 503, "temporarily_unavailable", TimeSpan.FromSeconds(10)), (full.Failure, full.StatusCode, full.Error, full.RetryAfter));
        Assert.Equal("Replayed", await server.JudgeAsync(first));
        Assert.Equal("Unavailable", await server.JudgeAsync(TokenServer.Assert(client)));
        Assert.Contains("of web (requests answered 503: 1)", Assert.Single(server.Log.Entries, entry => entry.Id.Name == "ReplayCacheFull").Text, StringComparison.Ordinal);
    }
}
