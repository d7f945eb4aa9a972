using JwksAuth.Keys;
using JwksAuth.Keys.Remote;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Keys.Remote;

public class HeldRequestsTests
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_request_with_a_key_published_during_the_cooldown_is_held_until_one_fetch_finds_it()
    {
        await using var test = await SourceUnderTest.StartAsync();
        await test.AskAsync("bogus");
        test.Clock.Advance(TimeSpan.FromSeconds(1));
        var added = test.Issuer.RotateKey();
        test.Clock.Advance(TimeSpan.FromSeconds(1));
        var asked = test.AskAsync(added.KeyId, TimeSpan.FromSeconds(8));

        test.Clock.Advance(TimeSpan.FromSeconds(7.999));
        Assert.False(asked.IsCompleted);
        test.Clock.Advance(TimeSpan.FromSeconds(0.001));

        Assert.Equal(KeyLookupStatus.Found, await asked);
        Assert.Equal(3, test.Issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_request_that_may_not_wait_long_enough_is_answered_at_once()
    {
        await using var test = await SourceUnderTest.StartAsync();
        await test.AskAsync("bogus");

        Assert.Equal(KeyLookupStatus.Unknown, await test.AskAsync("other", TimeSpan.FromSeconds(9.999)));
        Assert.Equal(2, test.Issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_thousand_requests_are_held_on_one_timer_and_the_next_is_answered_at_once()
    {
        await using var test = await SourceUnderTest.StartAsync();
        await test.AskAsync("bogus");
        var timers = test.Clock.ActiveTimers;
        var added = test.Issuer.RotateKey();
        Task<KeyLookupStatus>[] held = [.. Enumerable.Range(0, HeldRequests.Maximum).Select(_ => test.AskAsync(added.KeyId, Wait))];

        Assert.Equal(timers + 1, test.Clock.ActiveTimers);
        Assert.Equal(KeyLookupStatus.Unknown, await test.AskAsync(added.KeyId, Wait));
        Assert.All(held, request => Assert.False(request.IsCompleted));

        test.Clock.Advance(Wait);
        Assert.All(await Task.WhenAll(held), status => Assert.Equal(KeyLookupStatus.Found, status));
        Assert.Equal(3, test.Issuer.JwksRequestCount);
    }

    [Fact]
    public async Task Requests_that_give_up_make_room_for_others()
    {
        await using var test = await SourceUnderTest.StartAsync();
        await test.AskAsync("bogus");
        using var callers = new CancellationTokenSource();
        Task<KeyLookupStatus>[] held =
            [.. Enumerable.Range(0, HeldRequests.Maximum).Select(_ => test.AskAsync("other", Wait, callers.Token))];
        await callers.CancelAsync();
        foreach (var request in held)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);

        var next = test.AskAsync(test.Issuer.RotateKey().KeyId, Wait);
        Assert.False(next.IsCompleted);
        test.Clock.Advance(Wait);
        Assert.Equal(KeyLookupStatus.Found, await next);
    }

    [Fact]
    public async Task A_held_request_is_released_when_another_fetch_finds_its_key()
    {
        await using var test = await SourceUnderTest.StartAsync();
        await test.AskAsync("bogus");
        var asked = test.AskAsync(test.Issuer.RotateKey().KeyId, Wait);

        await test.Source.RefreshAsync(CancellationToken.None);

        Assert.Equal(KeyLookupStatus.Found, await asked);
        Assert.Equal(3, test.Issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_request_that_can_wait_asks_again_after_a_fetch_that_began_before_its_key_was_published()
    {
        await using var test = await SourceUnderTest.StartAsync();
        var body = $$"""{"keys":[{{test.Issuer.CurrentKey.ToJwk().ToJsonString()}}]}""";
        test.Issuer.Jwks.RespondOnce(FakeResponse.Text(body).After(TimeSpan.FromSeconds(2)));
        var bogus = test.AskAsync("bogus");
        await test.Issuer.WaitForJwksRequestsAsync(2);
        var asked = test.AskAsync(test.Issuer.RotateKey().KeyId, Wait);
        test.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(KeyLookupStatus.Unknown, await bogus);

        // The request is held now, in addition to the background schedule.
        await test.Clock.WaitForTimersAsync(2);
        Assert.False(asked.IsCompleted);
        test.Clock.Advance(TimeSpan.FromSeconds(8));

        Assert.Equal(KeyLookupStatus.Found, await asked);
        Assert.Equal(3, test.Issuer.JwksRequestCount);
    }

    [Fact]
    public async Task Held_requests_are_released_when_the_keys_are_cleared()
    {
        await using var test = await SourceUnderTest.StartAsync();
        await test.AskAsync("bogus");
        var asked = test.AskAsync(test.Issuer.RotateKey().KeyId, Wait);

        test.Source.Clear();

        Assert.Equal(KeyLookupStatus.Found, await asked);
    }

    [Fact]
    public async Task On_the_system_clock_a_held_request_is_not_released_before_the_cooldown_ends()
    {
        await using var issuer = await FakeJwksServer.StartInProcessAsync(new FakeJwksServerOptions { Algorithm = "ES256" });
        await using var services = SourceUnderTest.CreateServices();
        var tuning = KeySourceTuning.Default with { Cooldown = TimeSpan.FromMilliseconds(20.7) };
        await using var source = SourceUnderTest.CreateSource(SourceUnderTest.IdentityOf(issuer), tuning, services);
        await source.StartAsync(CancellationToken.None);

        for (var round = 0; round < 20; round++)
        {
            var keyId = issuer.RotateKey().KeyId;
            var fetch = new KeyFetch(keyId, SignatureAlgorithm.ES256, source.CurrentSet, TimeSpan.FromSeconds(60));
            Assert.Equal(KeyLookupStatus.Found, (await source.FetchAsync(fetch, CancellationToken.None)).Status);
        }
    }
}
