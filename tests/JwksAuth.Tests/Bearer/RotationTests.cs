using System.Net;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Bearer;

public class RotationTests
{
    private readonly FakeClock _clock = new();

    [Fact]
    public async Task A_token_passes_and_later_ones_cost_no_fetch()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer);

        for (var count = 0; count < 1000; count++)
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));

        Assert.Equal(1, issuer.JwksRequestCount);
        Assert.Equal(1, issuer.MetadataRequestCount);
    }

    [Fact]
    public async Task A_rotated_key_passes_on_the_first_request()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));

        _clock.Advance(TimeSpan.FromSeconds(10));
        issuer.RotateKey();

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
        Assert.Equal(2, issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_key_added_under_an_existing_kid_passes_on_the_first_request()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));

        _clock.Advance(TimeSpan.FromSeconds(10));
        issuer.RotateKey("ES512", issuer.CurrentKey.KeyId);

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
        Assert.Equal(2, issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_thousand_concurrent_requests_with_a_new_key_cost_one_fetch_and_all_pass()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));

        _clock.Advance(TimeSpan.FromSeconds(10));
        issuer.RotateKey();
        Task<HttpStatusCode>[] requests;
        using (issuer.HoldResponses())
        {
            requests = [.. Enumerable.Range(0, 1000).Select(_ => api.GetStatusAsync(issuer.CreateToken()))];
            await issuer.WaitForJwksRequestsAsync(2);
        }

        Assert.All(await Task.WhenAll(requests), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(2, issuer.JwksRequestCount);
    }

    [Theory]
    [InlineData("start")]
    [InlineData("schedule")]
    [InlineData("operator")]
    public async Task A_rotation_a_second_after_a_good_fetch_that_no_token_caused_costs_one_fetch_and_all_pass(string cause)
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer);
        await api.FetchesEndAsync();
        if (cause == "schedule")
            await api.AdvanceAsync(_clock, TimeSpan.FromMinutes(5));
        if (cause == "operator")
            await api.Manager.RefreshAsync();
        var before = issuer.JwksRequestCount;

        _clock.Advance(TimeSpan.FromSeconds(1));
        issuer.RotateKey();
        Task<HttpStatusCode>[] requests;
        using (issuer.Jwks.HoldResponses())
        {
            requests = [.. Enumerable.Range(0, 200).Select(_ => api.GetStatusAsync(issuer.CreateToken()))];
            await issuer.WaitForJwksRequestsAsync(before + 1);
        }

        Assert.All(await Task.WhenAll(requests), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(before + 1, issuer.JwksRequestCount);
    }

    [Theory]
    [InlineData("start")]
    [InlineData("schedule")]
    [InlineData("operator")]
    public async Task A_rotation_during_a_fetch_that_no_token_caused_costs_one_more_fetch_and_all_pass(string cause)
    {
        await using var issuer = await StartIssuerAsync();
        var old = issuer.CurrentKey.ToJwk().ToJsonString();
        var isStart = cause == "start";
        var before = isStart ? 0 : 1;
        var held = isStart ? issuer.Jwks.HoldResponses() : null;
        await using var api = await TestApi.StartAsync(issuer);
        if (!isStart)
            await api.FetchesEndAsync();
        issuer.Jwks.RespondOnce(FakeResponse.Text($$"""{"keys":[{{old}}]}"""));
        Task<HttpStatusCode>[] requests;
        using (held ?? issuer.Jwks.HoldResponses())
        {
            if (cause == "schedule")
                _clock.Advance(TimeSpan.FromMinutes(5));
            if (cause == "operator")
                _ = api.Manager.RefreshAsync();
            if (!isStart)
                await issuer.WaitForJwksRequestsAsync(before + 1);
            issuer.RotateKey();
            requests = [.. Enumerable.Range(0, 200).Select(_ => api.GetStatusAsync(issuer.CreateToken()))];
        }

        Assert.All(await Task.WhenAll(requests), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.InRange(issuer.JwksRequestCount, before + 1, before + 2);
    }

    [Theory]
    [InlineData("start")]
    [InlineData("schedule")]
    [InlineData("operator")]
    public async Task A_failed_fetch_of_any_cause_begins_the_cooldown(string cause)
    {
        await using var issuer = await StartIssuerAsync();
        if (cause == "start")
            issuer.Jwks.RespondOnce(FakeResponse.Status(500));
        await using var api = await TestApi.StartAsync(issuer);
        await api.FetchesEndAsync();
        if (cause != "start")
            issuer.Jwks.RespondOnce(FakeResponse.Status(500));
        if (cause == "schedule")
            await api.AdvanceAsync(_clock, TimeSpan.FromMinutes(5));
        if (cause == "operator")
            await api.Manager.RefreshAsync();
        var before = issuer.JwksRequestCount;

        issuer.RotateKey();
        var refused = cause == "start" ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.Unauthorized;
        Assert.Equal(refused, await api.GetStatusAsync(issuer.CreateToken()));
        Assert.Equal(before, issuer.JwksRequestCount);

        await api.AdvanceAsync(_clock, TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
    }

    [Fact]
    public async Task A_good_background_fetch_does_not_end_the_cooldown_that_a_token_began()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer);
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(issuer.CreateToken(token => token.WithUnknownKeyId())));
        var before = issuer.JwksRequestCount;

        await api.AdvanceAsync(_clock, TimeSpan.FromSeconds(5));
        await api.Manager.RefreshAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(issuer.CreateToken(token => token.WithUnknownKeyId())));
        Assert.Equal(before + 1, issuer.JwksRequestCount);

        await api.AdvanceAsync(_clock, TimeSpan.FromSeconds(5));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(issuer.CreateToken(token => token.WithUnknownKeyId())));
        Assert.Equal(before + 2, issuer.JwksRequestCount);
    }

    private Task<FakeJwksServer> StartIssuerAsync() => TestIssuer.StartAsync(_clock);
}
