using System.Net;

namespace JwksAuth.IntegrationTests.Sockets;

public sealed class RotationOverSocketsTests : SocketTests
{
    [Fact]
    public async Task A_thousand_concurrent_requests_with_a_new_key_cost_one_fetch_and_all_pass()
    {
        await using var api = await StartWarmApiAsync();
        Issuer.RotateKey();

        var token = Issuer.CreateToken();
        Task<HttpStatusCode>[] requests;
        using (Issuer.HoldResponses())
        {
            requests = [.. Enumerable.Range(0, 1000).Select(_ => api.GetStatusAsync(token))];
            await api.WaitForArrivalsAsync(requests.Length);
            await Issuer.WaitForJwksRequestsAsync(2);
        }

        Assert.All(await Task.WhenAll(requests), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(2, Issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_flood_of_bogus_kids_does_not_affect_valid_callers()
    {
        await using var api = await StartWarmApiAsync();
        var good = Issuer.CreateToken();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 32 };

        await Parallel.ForAsync(0, 5000, parallel, async (index, stopped) =>
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(CreateBogusToken(), stopped));
            if (index % 10 == 0)
                Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(good, stopped));
        });

        Assert.Equal(2, Issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_rotation_during_the_cooldown_after_a_bogus_kid_is_noticed_when_the_cooldown_ends()
    {
        await using var api = await StartWarmApiAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(CreateBogusToken()));
        Issuer.RotateKey();
        var token = Issuer.CreateToken();

        Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(token));

        Clock.Advance(TimeSpan.FromSeconds(8));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
        Assert.Equal(3, Issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_request_may_be_held_until_the_cooldown_ends()
    {
        await using var api = await StartWarmApiAsync(options => options.UnknownKeyWait = TimeSpan.FromSeconds(8));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(CreateBogusToken()));
        Issuer.RotateKey();
        Clock.Advance(TimeSpan.FromSeconds(2));
        var timers = Clock.ActiveTimers;

        var request = api.GetStatusAsync(Issuer.CreateToken());
        await Clock.WaitForTimersAsync(timers + 1);
        Clock.Advance(TimeSpan.FromSeconds(8));

        Assert.Equal(HttpStatusCode.OK, await request);
        Assert.Equal(3, Issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_caller_that_disconnects_is_released_while_the_others_wait_for_the_same_fetch()
    {
        var hungUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var api = await StartWarmApiAsync(onLeave: context =>
        {
            if (context.RequestAborted.IsCancellationRequested)
                hungUp.SetResult();
            return Task.CompletedTask;
        });
        Issuer.RotateKey();
        var token = Issuer.CreateToken();
        using var impatience = new CancellationTokenSource();

        Task<HttpStatusCode>[] others;
        using (Issuer.HoldResponses())
        {
            var impatient = api.GetStatusAsync(token, impatience.Token);
            others = [.. Enumerable.Range(0, 100).Select(_ => api.GetStatusAsync(token, CancellationToken.None))];
            await api.WaitForArrivalsAsync(others.Length + 1);
            await Issuer.WaitForJwksRequestsAsync(2);

            await impatience.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
            await hungUp.Task; // the API has let go of it, and the issuer has not answered yet
        }

        Assert.All(await Task.WhenAll(others), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(2, Issuer.JwksRequestCount);
    }
}
