using System.Net;
using JwksAuth.Keys;
using JwksAuth.Keys.Remote;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Bearer;

/// <summary>What invalid tokens cost: fetches, memory and other requests.</summary>
[Collection(nameof(MeasuredAlone))]
public class FloodTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeClock _clock = new();

    [Fact]
    public async Task Ten_thousand_bogus_kids_in_a_minute_cost_seven_fetches_at_most_and_keep_nothing()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
        await api.AdvanceAsync(_clock, TimeSpan.FromSeconds(10));
        var fetches = issuer.JwksRequestCount;
        await FloodForAMinuteAsync(api, issuer);
        Assert.InRange(issuer.JwksRequestCount - fetches, 1, 7);

        // The first minute also fills pools and compiles code; what a request keeps, the second keeps again.
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await FloodForAMinuteAsync(api, issuer);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 64 * 1024);
    }

    [Fact]
    public async Task Valid_requests_during_a_flood_of_bogus_kids_all_pass()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer);

        for (var second = 0; second < 20; second++)
        {
            var flood = SendBogusAsync(api, issuer, 167);
            var good = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => api.GetStatusAsync(issuer.CreateToken())));
            Assert.All(good, status => Assert.Equal(HttpStatusCode.OK, status));
            await flood;
            await api.AdvanceAsync(_clock, Second);
        }

        Assert.InRange(issuer.JwksRequestCount, 1, 3);
    }

    [Fact]
    public async Task A_bogus_kid_causes_no_exception_and_its_cost_does_not_depend_on_the_size_of_the_set()
    {
        var withOneKey = await MeasureBogusKidAsync(keys: 1);
        var withManyKeys = await MeasureBogusKidAsync(keys: 100);

        Assert.InRange(withManyKeys, withOneKey * 0.8, withOneKey * 1.2);
    }

    [Fact]
    public async Task A_bogus_kid_finds_no_candidate_for_a_signature_check()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer);
        await api.GetStatusAsync(issuer.CreateToken());

        var lookup = Assert.Single(api.Sources()).Find(new KeyQuery(true, "bogus", SignatureAlgorithm.ES256));

        Assert.Empty(lookup.Keys);
    }

    [Fact]
    public async Task A_key_published_during_the_cooldown_after_a_bogus_kid_passes_when_the_cooldown_ends()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer);
        var token = await RotateAfterBogusKidAsync(api, issuer);

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(token));
        await api.AdvanceAsync(_clock, TimeSpan.FromSeconds(7));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(token));
        await api.AdvanceAsync(_clock, Second);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
        Assert.Equal(3, issuer.JwksRequestCount);
    }

    [Fact]
    public async Task With_a_wait_for_unknown_keys_the_request_is_held_and_passes_after_one_fetch()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer, options => options.UnknownKeyWait = TimeSpan.FromSeconds(8));
        var token = await RotateAfterBogusKidAsync(api, issuer);
        var timers = _clock.ActiveTimers;

        var request = api.GetStatusAsync(token);
        await _clock.WaitForTimersAsync(timers + 1);
        await api.AdvanceAsync(_clock, TimeSpan.FromSeconds(8));

        Assert.Equal(HttpStatusCode.OK, await request);
        Assert.Equal(3, issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_thousand_requests_are_held_and_one_with_another_kid_replaces_the_longest_held()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer, options => options.UnknownKeyWait = TimeSpan.FromSeconds(8));
        var token = await RotateAfterBogusKidAsync(api, issuer);
        var source = Assert.Single(api.Sources());
        var fetch = new KeyFetch("other", SignatureAlgorithm.ES256, source.CurrentSet, TimeSpan.FromSeconds(8));
        Task<KeyLookupResult>[] held =
            [.. Enumerable.Range(0, HeldRequests.Maximum).Select(_ => source.FetchAsync(fetch, CancellationToken.None).AsTask())];

        Assert.Equal(KeyLookupStatus.Unknown, (await source.FetchAsync(fetch, CancellationToken.None)).Status);
        Task<HttpStatusCode>[] good = [.. Enumerable.Range(0, 10).Select(_ => api.GetStatusAsync(token))];
        await Task.WhenAll(held[..good.Length]);
        Assert.All(held[good.Length..], request => Assert.False(request.IsCompleted));

        await api.AdvanceAsync(_clock, TimeSpan.FromSeconds(8));
        Assert.All(await Task.WhenAll(good), status => Assert.Equal(HttpStatusCode.OK, status));
        await Task.WhenAll(held);
    }

    [Theory]
    [MemberData(nameof(Refusable))]
    public async Task Tokens_that_can_be_refused_without_keys_cost_no_fetch(string fault)
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(issuer.CreateToken()));
        var requests = issuer.Requests.Count;
        await api.AdvanceAsync(_clock, TimeSpan.FromSeconds(10));
        var validator = api.Validator();

        // There is no cooldown and the kids are new, so only the fault itself prevents a fetch.
        string[] tokens =
            [.. Enumerable.Range(0, 100).Select(_ => issuer.CreateToken(token => Faults[fault](token.WithUnknownKeyId())))];
        for (var count = 0; count < 10_000; count++)
            Assert.NotNull((await validator.ValidateAsync(tokens[count % tokens.Length])).Failure);

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(issuer.CreateToken(token => Faults[fault](token))));
        Assert.Equal(requests, issuer.Requests.Count);
    }

    [Fact]
    public async Task Bad_signatures_under_a_known_kid_cost_no_fetch()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer);
        await api.GetStatusAsync(issuer.CreateToken());
        await api.AdvanceAsync(_clock, TimeSpan.FromSeconds(10));
        var forged = issuer.CreateToken(token => token.WithWrongSignature());
        var validator = api.Validator();

        for (var count = 0; count < 10_000; count++)
            Assert.Equal(JwksTokenFailure.Signature, (await validator.ValidateAsync(forged)).Failure);

        Assert.Equal(1, issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_new_key_under_the_same_kid_passes_on_the_first_request_if_the_option_allows_it()
    {
        await using var issuer = await StartIssuerAsync();
        await using var strict = await TestApi.StartAsync(issuer);
        await using var tolerant = await TestApi.StartAsync(issuer, options => options.RefetchOnBadSignature = true);
        var old = issuer.CreateToken();
        Assert.Equal(HttpStatusCode.OK, await strict.GetStatusAsync(old));
        Assert.Equal(HttpStatusCode.OK, await tolerant.GetStatusAsync(old));
        var fetches = issuer.JwksRequestCount;
        Assert.Equal(HttpStatusCode.Unauthorized, await tolerant.GetStatusAsync(issuer.CreateToken(forged => forged.WithWrongSignature())));
        Assert.Equal(++fetches, issuer.JwksRequestCount);
        issuer.ReplaceAll(kid: issuer.CurrentKey.KeyId);
        var token = issuer.CreateToken();

        Assert.Equal(HttpStatusCode.Unauthorized, await tolerant.GetStatusAsync(token));
        await tolerant.AdvanceAsync(_clock, TimeSpan.FromSeconds(10));

        Assert.Equal(HttpStatusCode.Unauthorized, await strict.GetStatusAsync(token));
        Assert.Equal(fetches, issuer.JwksRequestCount);
        Assert.Equal(HttpStatusCode.OK, await tolerant.GetStatusAsync(token));
        Assert.Equal(HttpStatusCode.Unauthorized, await tolerant.GetStatusAsync(old));
        Assert.Equal(fetches + 1, issuer.JwksRequestCount);
    }

    [Fact]
    public async Task If_a_bad_signature_may_cause_a_fetch_ten_thousand_cause_one_per_cooldown()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer, options => options.RefetchOnBadSignature = true);
        await api.GetStatusAsync(issuer.CreateToken());
        await api.AdvanceAsync(_clock, TimeSpan.FromSeconds(10));
        var forged = issuer.CreateToken(token => token.WithWrongSignature());
        var validator = api.Validator();

        for (var count = 0; count < 10_000; count++)
            Assert.Equal(JwksTokenFailure.Signature, (await validator.ValidateAsync(forged)).Failure);

        Assert.Equal(2, issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_disconnected_caller_is_released_and_the_shared_fetch_continues_for_the_others()
    {
        await using var issuer = await StartIssuerAsync();
        await using var api = await TestApi.StartAsync(issuer);
        await api.GetStatusAsync(issuer.CreateToken());
        await api.AdvanceAsync(_clock, TimeSpan.FromSeconds(10));
        issuer.RotateKey();
        using var caller = new CancellationTokenSource();
        Task<HttpStatusCode>[] others;
        using (issuer.HoldResponses())
        {
            var leaving = api.SendAsync(issuer.CreateToken(), cancellationToken: caller.Token);
            others = [.. Enumerable.Range(0, 999).Select(_ => api.GetStatusAsync(issuer.CreateToken()))];
            await issuer.WaitForJwksRequestsAsync(2);
            await caller.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        }

        Assert.All(await Task.WhenAll(others), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(2, issuer.JwksRequestCount);
    }

    public static TheoryData<string> Refusable => [.. Faults.Keys];

    private static Dictionary<string, Func<FakeToken, FakeToken>> Faults { get; } = new()
    {
        ["expired"] = token => token.Expired(),
        ["wrong iss"] = token => token.WithIssuer("https://other.test"),
        ["wrong aud"] = token => token.WithAudience("other"),
        ["alg not in the list"] = token => token.WithHeader("alg", "EdDSA"),
        ["HMAC"] = token => token.WithHeader("alg", "HS256"),
        ["alg none"] = token => token.WithHeader("alg", "none"),
        ["kid too long"] = token => token.WithKeyId(new string('k', 257)),
        ["token too long"] = token => token.WithClaim("filler", new string('f', 16 * 1024)),
    };

    /// <summary>The bytes that the validator allocates for a token with a bogus kid during the cooldown.</summary>
    private async Task<double> MeasureBogusKidAsync(int keys)
    {
        const int times = 1000;
        await using var issuer = await StartIssuerAsync();
        for (var count = 1; count < keys; count++)
            issuer.PublishAhead();
        await using var api = await TestApi.StartAsync(issuer);
        await api.GetStatusAsync(issuer.CreateToken());
        Assert.Equal(keys, Assert.Single(api.Sources()).CurrentSet!.Keys.Count);
        var token = issuer.CreateToken(bogus => bogus.WithUnknownKeyId());
        var validator = api.Validator();
        await validator.ValidateAsync(token);

        var exceptions = 0;
        var thread = Environment.CurrentManagedThreadId;
        AppDomain.CurrentDomain.FirstChanceException += Count;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var count = 0; count < times; count++)
            Assert.True(validator.ValidateAsync(token).AsTask().IsCompletedSuccessfully);
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        AppDomain.CurrentDomain.FirstChanceException -= Count;

        Assert.Equal(0, exceptions);
        return (double)bytes / times;

        void Count(object? sender, EventArgs arguments) => exceptions += Environment.CurrentManagedThreadId == thread ? 1 : 0;
    }

    private async Task FloodForAMinuteAsync(TestApi api, FakeJwksServer issuer)
    {
        for (var second = 0; second < 60; second++)
        {
            await SendBogusAsync(api, issuer, 167);
            await api.AdvanceAsync(_clock, Second);
        }
    }

    private static async Task SendBogusAsync(TestApi api, FakeJwksServer issuer, int count)
    {
        var tokens = Enumerable.Range(0, count).Select(_ => issuer.CreateToken(token => token.WithUnknownKeyId().WithoutClaim("jti")));
        foreach (var token in tokens)
            Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(token));
    }

    /// <summary>A bogus kid starts the cooldown; a second later the issuer rotates, and after another second a valid token arrives.</summary>
    private async Task<string> RotateAfterBogusKidAsync(TestApi api, FakeJwksServer issuer)
    {
        await api.GetStatusAsync(issuer.CreateToken());
        await api.AdvanceAsync(_clock, TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(issuer.CreateToken(token => token.WithUnknownKeyId())));
        await api.AdvanceAsync(_clock, Second);
        issuer.RotateKey();
        await api.AdvanceAsync(_clock, Second);
        return issuer.CreateToken();
    }

    private Task<FakeJwksServer> StartIssuerAsync() => FakeJwksServer.StartInProcessAsync(
        new FakeJwksServerOptions { TimeProvider = _clock, Algorithm = "ES256", RequestLogCapacity = 10 });
}
