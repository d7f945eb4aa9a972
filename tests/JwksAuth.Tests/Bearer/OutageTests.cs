using System.Net;
using JwksAuth.Testing;
using Microsoft.Extensions.Options;

namespace JwksAuth.Tests.Bearer;

/// <summary>Answers to callers and requests to the issuer while the issuer is down, slow, or not started yet.</summary>
public class OutageTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeClock _clock = new();

    [Fact]
    public async Task In_an_hour_of_outage_known_kids_pass_and_attempts_back_off()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await StartApiAsync(issuer);
        issuer.Respond(FakeResponse.Status(503));
        var gaps = new List<int>();
        var (attempts, since) = (issuer.JwksRequestCount, 0);

        for (var second = 0; second < 3600; second++)
        {
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
            await api.AdvanceAsync(_clock, Second);
            since++;
            if (issuer.JwksRequestCount > attempts)
            {
                gaps.Add(since);
                (attempts, since) = (issuer.JwksRequestCount, 0);
            }
        }

        Assert.Equal([10, 20, 40, 60, 60], gaps[1..6]);
        Assert.All(gaps[4..], gap => Assert.Equal(60, gap));
        Assert.InRange(gaps.Count, 1, 70);
    }

    [Fact]
    public async Task In_an_outage_bogus_kids_cause_one_attempt_per_cooldown()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await StartApiAsync(issuer);
        await api.AdvanceAsync(_clock, TimeSpan.FromSeconds(10));
        issuer.Jwks.Respond(FakeResponse.Status(503));

        for (var second = 0; second < 60; second++)
        {
            if (second == 30)
                issuer.Jwks.Respond(FakeResponse.EmptyKeySet);
            for (var count = 0; count < 10; count++)
                Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(issuer.CreateToken(token => token.WithUnknownKeyId())));
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
            await api.AdvanceAsync(_clock, Second);
        }

        Assert.InRange(issuer.JwksRequestCount, 2, 8);
    }

    [Fact]
    public async Task Known_kids_pass_until_a_day_after_the_last_good_fetch_and_get_503_then()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await StartApiAsync(issuer);
        await issuer.StopAsync();

        await api.AdvanceAsync(_clock, TimeSpan.FromHours(24) - Minute, Minute);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));

        await api.AdvanceAsync(_clock, Minute);
        using var response = await api.SendAsync(issuer.CreateToken());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter?.Delta);
        Assert.Empty(response.Headers.WwwAuthenticate);
    }

    [Fact]
    public async Task Keys_are_used_indefinitely_if_the_option_says_so()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await StartApiAsync(issuer, options => options.MaximumAge = null);
        await issuer.StopAsync();

        await api.AdvanceAsync(_clock, TimeSpan.FromDays(30), TimeSpan.FromHours(1));

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
    }

    [Fact]
    public async Task After_an_outage_the_keys_are_fresh_within_a_minute_without_any_traffic()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await StartApiAsync(issuer);
        await issuer.StopAsync();
        await api.AdvanceAsync(_clock, TimeSpan.FromHours(1), Second);
        Assert.Equal(JwksSourceState.Stale, Assert.Single(api.Manager.GetStatus()).State);
        var added = issuer.RotateKey();

        await issuer.RestartAsync();
        await api.AdvanceAsync(_clock, Minute, Second);

        var status = Assert.Single(api.Manager.GetStatus());
        Assert.Equal(JwksSourceState.Fresh, status.State);
        Assert.Contains(status.Keys, key => key.KeyId == added.KeyId);
    }

    [Fact]
    public async Task With_the_issuer_down_the_host_starts_and_requests_get_503_after_one_attempt()
    {
        await using var issuer = await StartIssuerAsync();
        issuer.Respond(FakeResponse.Hang);
        await using var api = await TestApi.StartAsync(issuer);
        await issuer.OpenIdConfiguration.WaitForRequestsAsync(1);
        Task<HttpResponseMessage>[] requests = [.. Enumerable.Range(0, 50).Select(_ => api.SendAsync(issuer.CreateToken()))];
        Assert.Equal("open", await api.Client.GetStringAsync("/open"));

        await api.AdvanceAsync(_clock, TimeSpan.FromSeconds(5));

        foreach (var request in requests)
        {
            using var response = await request;
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.NotNull(response.Headers.RetryAfter?.Delta);
        }

        Assert.Equal(1, issuer.MetadataRequestCount);
    }

    [Fact]
    public async Task Until_the_first_success_attempts_follow_after_1_2_4_8_and_then_every_10_seconds()
    {
        await using var issuer = await StartIssuerAsync();
        issuer.Respond(FakeResponse.Status(503));
        await using var api = await TestApi.StartAsync(issuer);
        await api.FetchesEndAsync();
        var attempts = new List<int>();

        for (var second = 1; second <= 45; second++)
        {
            var before = issuer.MetadataRequestCount;
            await api.AdvanceAsync(_clock, Second);
            if (issuer.MetadataRequestCount > before)
                attempts.Add(second);
        }

        Assert.Equal([1, 3, 7, 15, 25, 35, 45], attempts);
        issuer.Reset();
        await api.AdvanceAsync(_clock, TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
    }

    [Fact]
    public async Task With_keys_required_at_startup_the_host_does_not_start_without_them()
    {
        await using var issuer = await StartIssuerAsync();
        await issuer.StopAsync();

        var fault = await Assert.ThrowsAsync<OptionsValidationException>(
            () => TestApi.StartAsync(issuer, options => options.RequireKeysAtStartup = true));

        Assert.Contains(issuer.MetadataAddress, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_fetch_that_hangs_or_drips_times_out_after_five_seconds_and_known_kids_pass_meanwhile(bool drips)
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await StartApiAsync(issuer);
        issuer.Jwks.Respond(drips ? FakeResponse.Drip(Second) : FakeResponse.Hang);
        _clock.Advance(TimeSpan.FromMinutes(5));
        await issuer.WaitForJwksRequestsAsync(2);

        var requests = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => api.GetStatusAsync(issuer.CreateToken())));
        Assert.All(requests, status => Assert.Equal(HttpStatusCode.OK, status));
        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(0, Assert.Single(api.Manager.GetStatus()).FailuresInARow);

        await api.AdvanceAsync(_clock, Second);
        var status = Assert.Single(api.Manager.GetStatus());
        Assert.Equal(1, status.FailuresInARow);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
    }

    [Fact]
    public async Task Without_keys_a_failing_key_set_gives_503_and_keys_fetched_earlier_keep_verifying()
    {
        await using var issuer = await StartIssuerAsync();
        await using var earlier = await StartApiAsync(issuer);
        issuer.Jwks.Respond(FakeResponse.Status(500));
        await using var later = await TestApi.StartAsync(issuer);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await later.GetStatusAsync(issuer.CreateToken()));
        Assert.Equal(HttpStatusCode.OK, await earlier.GetStatusAsync(issuer.CreateToken()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_outage_of_the_metadata_alone_does_not_prevent_new_keys(bool hangs)
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await StartApiAsync(issuer);
        issuer.OpenIdConfiguration.Respond(hangs ? FakeResponse.Hang : FakeResponse.Status(503));
        var added = issuer.RotateKey();

        var refresh = api.Manager.RefreshAsync();
        await issuer.OpenIdConfiguration.WaitForRequestsAsync(2);
        _clock.Advance(TimeSpan.FromSeconds(2.5));

        Assert.Equal(JwksRefreshOutcome.Changed, Assert.Single(await refresh).Outcome);
        Assert.Contains(Assert.Single(api.Manager.GetStatus()).Keys, key => key.KeyId == added.KeyId);
    }

    /// <summary>An API that has its keys.</summary>
    private static async Task<TestApi> StartApiAsync(FakeJwksServer issuer, Action<JwksBearerOptions>? configure = null)
    {
        var api = await TestApi.StartAsync(issuer, configure);
        await api.FetchesEndAsync();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
        return api;
    }

    private Task<FakeJwksServer> StartIssuerAsync() => TestIssuer.StartAsync(_clock);
}
