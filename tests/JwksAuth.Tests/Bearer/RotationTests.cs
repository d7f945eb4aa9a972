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

    private Task<FakeJwksServer> StartIssuerAsync() => TestIssuer.StartAsync(_clock);
}
