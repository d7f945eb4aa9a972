using JwksAuth.Keys;
using JwksAuth.Keys.Remote;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Keys.Remote;

public class RemoteKeySourceTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Finding_a_known_kid_allocates_nothing()
    {
        await using var test = await SourceUnderTest.StartAsync();
        var source = test.Source;
        var keyId = test.Issuer.CurrentKey.KeyId;
        Assert.True(FindOften(source, keyId, 100));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var found = FindOften(source, keyId, 10_000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(found);
        Assert.Equal(0, allocated);
    }

    [Fact]
    public async Task Looking_up_an_unknown_kid_allocates_nothing_for_any_size_of_the_set()
    {
        await using var test = await SourceUnderTest.StartAsync();
        for (var count = 1; count < 100; count++)
            test.Issuer.PublishAhead();
        await test.Source.RefreshAsync(CancellationToken.None);
        Assert.Equal(100, test.Source.CurrentSet!.Keys.Count);
        Assert.False(FindOften(test.Source, "bogus", 100));

        var before = GC.GetAllocatedBytesForCurrentThread();
        FindOften(test.Source, "bogus", 10_000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task A_kid_in_another_case_is_unknown()
    {
        await using var test = await SourceUnderTest.StartAsync();
        var keyId = test.Issuer.CurrentKey.KeyId;

        Assert.Equal(KeyLookupStatus.Found, test.Find(keyId).Status);
        Assert.Equal(KeyLookupStatus.FetchNeeded, test.Find(keyId.ToUpperInvariant()).Status);
    }

    [Fact]
    public async Task Ten_concurrent_threads_cause_one_fetch()
    {
        await using var test = await SourceUnderTest.CreateAsync();
        var keyId = test.Issuer.CurrentKey.KeyId;
        Task<KeyLookupStatus>[] asked;
        using (test.Issuer.HoldResponses())
        {
            asked = [.. Enumerable.Range(0, 10).Select(_ => Task.Run(() => test.AskAsync(keyId)))];
            await test.Issuer.WaitForJwksRequestsAsync(1);
        }

        Assert.All(await Task.WhenAll(asked), status => Assert.Equal(KeyLookupStatus.Found, status));
        Assert.Equal(1, test.Issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_look_up_in_a_set_that_was_replaced_causes_a_fetch_only_if_the_new_set_lacks_the_key()
    {
        await using var test = await SourceUnderTest.StartAsync();
        var seen = test.Source.CurrentSet;
        var added = test.Issuer.RotateKey();
        await test.Source.RefreshAsync(CancellationToken.None);
        test.Clock.Advance(TimeSpan.FromSeconds(10));
        var requests = test.Issuer.JwksRequestCount;

        var found = await test.Source.FetchAsync(
            new KeyFetch(added.KeyId, SignatureAlgorithm.ES256, seen, TimeSpan.Zero), CancellationToken.None);
        var unknown = await test.Source.FetchAsync(new KeyFetch("bogus", SignatureAlgorithm.ES256, seen, TimeSpan.Zero), CancellationToken.None);

        // The fetch that replaced the set may have read the keys before this one was published.
        Assert.Equal(KeyLookupStatus.Found, found.Status);
        Assert.Equal(KeyLookupStatus.Unknown, unknown.Status);
        Assert.Equal(requests + 1, test.Issuer.JwksRequestCount);
    }

    [Fact]
    public async Task During_the_cooldown_a_kid_is_unknown_without_a_fetch()
    {
        await using var test = await SourceUnderTest.StartAsync();
        Assert.Equal(KeyLookupStatus.Unknown, await test.AskAsync("bogus"));
        test.Clock.Advance(TimeSpan.FromSeconds(9.999));
        Assert.Equal(KeyLookupStatus.Unknown, await test.AskAsync("bogus"));
        Assert.Equal(2, test.Issuer.JwksRequestCount);

        test.Clock.Advance(TimeSpan.FromSeconds(0.001));
        Assert.Equal(KeyLookupStatus.Unknown, await test.AskAsync("bogus"));
        Assert.Equal(3, test.Issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_failed_fetch_begins_the_cooldown()
    {
        await using var test = await SourceUnderTest.StartAsync();
        test.Issuer.Jwks.Respond(FakeResponse.Status(500));
        await test.AskAsync("bogus");
        test.Issuer.Reset();

        Assert.Equal(KeyLookupStatus.Unknown, await test.AskAsync(test.Issuer.RotateKey().KeyId));
        Assert.Equal(2, test.Issuer.JwksRequestCount);
    }

    [Fact]
    public async Task The_cooldown_of_a_slow_fetch_counts_from_its_start()
    {
        await using var test = await SourceUnderTest.StartAsync();
        test.Issuer.Jwks.RespondOnce(FakeResponse.Hang);
        var asked = test.AskAsync("bogus");
        await test.Issuer.WaitForJwksRequestsAsync(2);
        test.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(KeyLookupStatus.Unknown, await asked);

        // The background retry is due 10 s after the failure; the cooldown ends 10 s after the start.
        test.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(KeyLookupStatus.Found, await test.AskAsync(test.Issuer.RotateKey().KeyId));
        Assert.Equal(3, test.Issuer.JwksRequestCount);
    }

    [Fact]
    public async Task If_a_thousand_requests_wait_for_a_fetch_the_next_is_answered_at_once()
    {
        await using var test = await SourceUnderTest.StartAsync();
        Task<KeyLookupStatus>[] asked;
        using (test.Issuer.HoldResponses())
        {
            asked = [.. Enumerable.Range(0, HeldRequests.Maximum).Select(_ => test.AskAsync("bogus"))];
            await test.Issuer.WaitForJwksRequestsAsync(2);

            Assert.All(asked, request => Assert.False(request.IsCompleted));
            Assert.Equal(KeyLookupStatus.Unknown, await test.AskAsync("bogus"));
            Assert.Equal(KeyLookupStatus.Found, await test.AskAsync(test.Issuer.CurrentKey.KeyId));
        }

        Assert.All(await Task.WhenAll(asked), status => Assert.Equal(KeyLookupStatus.Unknown, status));
        test.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(KeyLookupStatus.Found, await test.AskAsync(test.Issuer.RotateKey().KeyId));
    }

    [Fact]
    public async Task Without_keys_any_number_of_requests_waits_for_the_first_fetch()
    {
        await using var test = await SourceUnderTest.CreateAsync();
        var keyId = test.Issuer.CurrentKey.KeyId;
        Task<KeyLookupStatus>[] asked;
        using (test.Issuer.HoldResponses())
        {
            asked = [.. Enumerable.Range(0, HeldRequests.Maximum + 500).Select(_ => test.AskAsync(keyId))];
            await test.Issuer.WaitForJwksRequestsAsync(1);
        }

        Assert.All(await Task.WhenAll(asked), status => Assert.Equal(KeyLookupStatus.Found, status));
        Assert.Equal(1, test.Issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_caller_that_gives_up_does_not_affect_the_others()
    {
        await using var test = await SourceUnderTest.StartAsync();
        var keyId = test.Issuer.RotateKey().KeyId;
        using var caller = new CancellationTokenSource();
        Task<KeyLookupStatus> first, second;
        using (test.Issuer.HoldResponses())
        {
            first = test.AskAsync(keyId, cancellationToken: caller.Token);
            second = test.AskAsync(keyId);
            await test.Issuer.WaitForJwksRequestsAsync(2);
            await caller.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
            Assert.False(second.IsCompleted);
        }

        Assert.Equal(KeyLookupStatus.Found, await second);
        Assert.Equal(2, test.Issuer.JwksRequestCount);
    }

    [Fact]
    public async Task Without_traffic_the_keys_are_refreshed_within_the_interval()
    {
        await using var test = await SourceUnderTest.StartAsync();
        var added = test.Issuer.RotateKey();

        await test.AdvanceAsync(Interval);

        Assert.Equal(KeyLookupStatus.Found, test.Find(added.KeyId).Status);
        Assert.Equal(2, test.Issuer.JwksRequestCount);
    }

    [Fact]
    public async Task An_unchanged_response_keeps_the_set_and_resets_its_age()
    {
        await using var test = await SourceUnderTest.StartAsync();
        var set = test.Source.CurrentSet;
        await test.AdvanceAsync(Interval);
        Assert.Same(set, test.Source.CurrentSet);
        Assert.Contains(test.Issuer.Requests, request => request.Headers.ContainsKey("If-None-Match"));

        test.Issuer.Jwks.UseETag = false;
        await test.AdvanceAsync(Interval);

        Assert.Same(set, test.Source.CurrentSet);
        Assert.InRange(test.Source.GetStatus().Age!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Adding_a_key_keeps_the_object_of_the_first_one()
    {
        await using var test = await SourceUnderTest.StartAsync();
        var keyId = test.Issuer.CurrentKey.KeyId;
        var key = Assert.Single(test.Find(keyId).Keys);
        test.Issuer.PublishAhead();

        await test.AdvanceAsync(Interval);

        Assert.Equal(2, test.Source.CurrentSet!.Keys.Count);
        Assert.Same(key, Assert.Single(test.Find(keyId).Keys));
        Assert.True(test.Source.IsCurrent(key));
    }

    [Fact]
    public async Task A_withdrawn_or_outdated_key_is_not_current()
    {
        await using var test = await SourceUnderTest.StartAsync();
        var withdrawn = test.Find(test.Issuer.CurrentKey.KeyId).Keys[0];
        var kept = test.Issuer.ReplaceAll();
        await test.Source.RefreshAsync(CancellationToken.None);
        Assert.False(test.Source.IsCurrent(withdrawn));

        var key = test.Find(kept.KeyId).Keys[0];
        Assert.True(test.Source.IsCurrent(key));
        await test.Issuer.StopAsync();
        await test.AdvanceAsync(TimeSpan.FromHours(24), TimeSpan.FromMinutes(1));
        Assert.False(test.Source.IsCurrent(key));
    }

    [Fact]
    public async Task The_status_shows_each_state_and_causes_no_fetch()
    {
        await using var test = await SourceUnderTest.CreateAsync();
        Assert.Equal(JwksSourceState.NotLoaded, test.Source.GetStatus().State);

        await test.Source.StartAsync(CancellationToken.None);
        var fresh = test.Source.GetStatus();
        Assert.Equal(JwksSourceState.Fresh, fresh.State);
        Assert.Equal(test.Issuer.CurrentKey.KeyId, Assert.Single(fresh.Keys).KeyId);
        Assert.Equal(TimeSpan.Zero, fresh.CooldownEndsIn);
        Assert.InRange(fresh.NextFetchIn!.Value, TimeSpan.FromMinutes(4), Interval);

        await test.Issuer.StopAsync();
        await test.AdvanceAsync(Interval);
        var stale = test.Source.GetStatus();
        Assert.Equal(JwksSourceState.Stale, stale.State);
        Assert.Equal(1, stale.FailuresInARow);
        Assert.NotNull(stale.LastError);

        await test.AdvanceAsync(TimeSpan.FromHours(24), TimeSpan.FromMinutes(1));
        Assert.Equal(JwksSourceState.Expired, test.Source.GetStatus().State);
        Assert.Equal(1, test.Issuer.JwksRequestCount);
    }

    private static bool FindOften(RemoteKeySource source, string keyId, int count)
    {
        var found = true;
        for (var index = 0; index < count; index++)
            found &= source.Find(new KeyQuery(true, keyId, SignatureAlgorithm.ES256)).Status == KeyLookupStatus.Found;
        return found;
    }
}
