using System.Net;
using JwksAuth.Testing;
using Microsoft.Extensions.Options;

namespace JwksAuth.IntegrationTests.Sockets;

public sealed class OutageOverSocketsTests : SocketTests
{
    private static readonly TimeSpan FetchTimeout = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Known_tokens_pass_during_an_hour_of_outage_with_fetches_further_and_further_apart()
    {
        await using var api = await StartWarmApiAsync();
        var token = Issuer.CreateToken(token => token.WithLifetime(TimeSpan.FromHours(3)));
        await Issuer.StopAsync();
        var before = Status(api).FetchCount;

        for (var elapsed = TimeSpan.Zero; elapsed < TimeSpan.FromHours(1); elapsed += Cooldown)
        {
            Clock.Advance(Cooldown);
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
        }

        Assert.InRange(Status(api).FetchCount - before, 20, 70);
        Assert.Equal(JwksSourceState.Stale, Status(api).State);
    }

    [Fact]
    public async Task An_issuer_that_recovers_is_noticed_without_a_request()
    {
        await using var api = await StartWarmApiAsync();
        await Issuer.StopAsync();
        await api.Keys.RefreshAsync();
        Assert.Equal(JwksSourceState.Stale, Status(api).State);

        await Issuer.RestartAsync();
        Clock.Advance(Cooldown);
        await Issuer.WaitForJwksRequestsAsync(2);
        await api.GetStatusAsync(CreateBogusToken()); // joins the fetch if it is still under way, and then causes one of its own

        Assert.Equal(JwksSourceState.Fresh, Status(api).State);
        Assert.Equal(3, Issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_host_that_starts_without_the_issuer_answers_503_after_one_fetch_and_recovers()
    {
        Issuer.Respond(FakeResponse.Hang);
        await using var api = await StartApiAsync();
        var token = Issuer.CreateToken();

        Task<HttpResponseMessage>[] requests = [.. Enumerable.Range(0, 50).Select(_ => api.SendAsync(token))];
        await api.WaitForArrivalsAsync(requests.Length);
        await Issuer.OpenIdConfiguration.WaitForRequestsAsync(1);
        Clock.Advance(FetchTimeout);

        foreach (var response in await Task.WhenAll(requests))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.True(response.Headers.RetryAfter?.Delta > TimeSpan.Zero);
            response.Dispose();
        }

        Assert.Equal(1, Issuer.OpenIdConfiguration.RequestCount);

        Issuer.Reset();
        Clock.Advance(Cooldown);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
    }

    [Fact]
    public async Task A_start_that_requires_keys_fails_without_the_issuer()
    {
        await Issuer.StopAsync();

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => StartApiAsync(options => options.RequireKeysAtStartup = true));

        Assert.Contains(Issuer.Issuer, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_fetch_from_an_issuer_that_hangs_or_drips_times_out_and_known_keys_do_not_wait(bool drips)
    {
        await using var api = await StartWarmApiAsync();
        var known = Issuer.CreateToken();
        Issuer.Jwks.Respond(drips ? FakeResponse.Drip(TimeSpan.FromSeconds(1)) : FakeResponse.Hang);
        Issuer.RotateKey();

        var unknown = api.GetStatusAsync(Issuer.CreateToken());
        await Issuer.WaitForJwksRequestsAsync(2);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(known));
        Assert.False(unknown.IsCompleted);

        for (var elapsed = TimeSpan.Zero; elapsed < FetchTimeout; elapsed += TimeSpan.FromSeconds(1))
            Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(HttpStatusCode.Unauthorized, await unknown);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(known));
    }

    private static JwksSourceStatus Status(KestrelApi api) => api.Keys.GetStatus().Single();
}
