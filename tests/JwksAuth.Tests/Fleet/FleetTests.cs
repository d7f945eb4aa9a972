using JwksAuth.Fleet;
using JwksAuth.Keys;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Fleet;

/// <summary>The requests of several replicas to the issuer, and how fast a change reaches all.</summary>
public class FleetTests
{
    private static readonly TimeSpan Cooldown = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Replicas_that_start_at_once_fetch_once()
    {
        await using var fleet = await FleetUnderTest.CreateAsync(discovers: true);
        Task[] starts;
        using (fleet.Issuer.HoldResponses())
        {
            starts = [.. Enumerable.Range(0, 8).Select(_ => fleet.Add().StartAsync(CancellationToken.None))];
            await fleet.Issuer.OpenIdConfiguration.WaitForRequestsAsync(1);
        }

        await Task.WhenAll(starts);

        Assert.All(fleet.Replicas, replica => Assert.Equal(KeyLookupStatus.Found, FleetUnderTest.Find(replica, fleet.Issuer.CurrentKey.KeyId)));
        Assert.Equal(1, fleet.Issuer.JwksRequestCount);
        Assert.Equal(1, fleet.Issuer.MetadataRequestCount);
    }

    [Fact]
    public async Task Replicas_that_start_during_a_slow_fetch_wait_for_it()
    {
        await using var fleet = await FleetUnderTest.CreateAsync();
        fleet.Engine.Timeout = TimeSpan.FromHours(1);
        Task[] starts;
        using (fleet.Issuer.HoldResponses())
        {
            var first = fleet.Add().StartAsync(CancellationToken.None);
            await fleet.Issuer.WaitForJwksRequestsAsync(1);
            fleet.Clock.Advance(TimeSpan.FromSeconds(3));
            starts = [first, .. Enumerable.Range(0, 3).Select(_ => fleet.Add().StartAsync(CancellationToken.None))];

            // Each reads, claims in vain, and reads again.
            await Task.WhenAny(fleet.Engine.WaitForCallsAsync(2 + (3 * 3)), fleet.Issuer.WaitForJwksRequestsAsync(2));
        }

        await Task.WhenAll(starts);

        Assert.Equal(1, fleet.Issuer.JwksRequestCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_starting_replica_waits_a_second_for_the_engine_and_then_fetches_alone(bool answers)
    {
        await using var fleet = await FleetUnderTest.StartAsync(1);
        var before = fleet.Issuer.JwksRequestCount;
        var firstTry = new TaskCompletionSource();
        fleet.Engine.FirstTry = firstTry.Task;
        var started = fleet.Add().StartAsync(CancellationToken.None);
        await fleet.Clock.WaitForTimersAsync(2); // the schedule of the first replica, and the patience of this one
        fleet.Clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(started.IsCompleted);
        Assert.Equal(before, fleet.Issuer.JwksRequestCount);

        if (answers)
            firstTry.SetResult();
        else
            fleet.Engine.Fail();
        fleet.Clock.Advance(TimeSpan.FromMilliseconds(answers ? 0 : 1));
        await started;

        Assert.Equal(before + (answers ? 0 : 1), fleet.Issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_replica_that_starts_while_the_copy_is_fresh_makes_no_fetch()
    {
        await using var fleet = await FleetUnderTest.StartAsync(1, discovers: true);
        await fleet.AdvanceAsync(TimeSpan.FromMinutes(3));

        var started = fleet.Add();
        await started.StartAsync(CancellationToken.None);

        Assert.Equal(KeyLookupStatus.Found, FleetUnderTest.Find(started, fleet.Issuer.CurrentKey.KeyId));
        Assert.Equal(1, fleet.Issuer.JwksRequestCount);
        Assert.Equal(fleet.Issuer.Issuer, started.Metadata?.Issuer);
        Assert.InRange(started.GetStatus().Age!.Value, TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(4));
    }

    [Fact]
    public async Task A_replica_that_starts_during_an_outage_of_the_issuer_uses_the_copy()
    {
        await using var fleet = await FleetUnderTest.StartAsync(1);
        await fleet.Issuer.StopAsync();
        await fleet.AdvanceAsync(TimeSpan.FromHours(2));

        var started = fleet.Add();
        await started.StartAsync(CancellationToken.None);

        Assert.Equal(KeyLookupStatus.Found, FleetUnderTest.Find(started, fleet.Issuer.CurrentKey.KeyId));
        Assert.True(started.GetStatus().Age > TimeSpan.FromHours(2));
    }

    [Fact]
    public async Task A_flood_of_unknown_keys_on_every_replica_causes_one_fetch_per_cooldown()
    {
        await using var fleet = await FleetUnderTest.StartAsync(8);
        var before = fleet.Issuer.JwksRequestCount;

        for (var second = 0; second < 30; second++)
        {
            foreach (var replica in fleet.Replicas)
                Assert.Equal(KeyLookupStatus.Unknown, await FleetUnderTest.AskAsync(replica, $"bogus-{second}"));
            await fleet.AdvanceAsync(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(3, fleet.Issuer.JwksRequestCount - before);
        Assert.InRange(fleet.Engine.Calls, 1, 8 * 2 * 12);
    }

    [Fact]
    public async Task A_rotated_key_passes_on_every_replica_after_one_fetch()
    {
        await using var fleet = await FleetUnderTest.StartAsync(8);
        var before = fleet.Issuer.JwksRequestCount;
        var keyId = fleet.Issuer.RotateKey().KeyId;
        Task<KeyLookupStatus>[] asked;
        using (fleet.Issuer.HoldResponses())
        {
            asked = [.. fleet.Replicas.Select(replica => Task.Run(() => FleetUnderTest.AskAsync(replica, keyId)))];
            await fleet.Issuer.WaitForJwksRequestsAsync(before + 1);
        }

        Assert.All(await Task.WhenAll(asked), status => Assert.Equal(KeyLookupStatus.Found, status));
        Assert.Equal(before + 1, fleet.Issuer.JwksRequestCount);
    }

    [Theory]
    [InlineData("start")]
    [InlineData("schedule")]
    [InlineData("operator")]
    public async Task A_rotation_a_second_after_a_good_fetch_that_no_token_caused_costs_the_fleet_one_fetch(string cause)
    {
        await using var fleet = await FleetUnderTest.CreateAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => fleet.Add().StartAsync(CancellationToken.None)));
        if (cause == "schedule")
            await fleet.AdvanceAsync(TimeSpan.FromMinutes(5));
        if (cause == "operator")
            await fleet.Replicas[0].RefreshAsync(CancellationToken.None);
        await fleet.AdvanceAsync(TimeSpan.FromSeconds(1));
        var before = fleet.Issuer.JwksRequestCount;
        var keyId = fleet.Issuer.RotateKey().KeyId;
        Task<KeyLookupStatus>[] asked;
        using (fleet.Issuer.HoldResponses())
        {
            asked = [.. Enumerable.Range(0, 200).Select(index => Task.Run(() => FleetUnderTest.AskAsync(fleet.Replicas[index % 8], keyId)))];
            await fleet.Issuer.WaitForJwksRequestsAsync(before + 1);
        }

        Assert.All(await Task.WhenAll(asked), status => Assert.Equal(KeyLookupStatus.Found, status));
        Assert.Equal(before + 1, fleet.Issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_token_asks_again_after_a_background_fetch_of_another_replica_that_began_before_its_key_was_published()
    {
        await using var fleet = await FleetUnderTest.StartAsync(2);
        fleet.Engine.Timeout = TimeSpan.FromHours(1);
        var old = $$"""{"keys":[{{fleet.Issuer.CurrentKey.ToJwk().ToJsonString()}}]}""";
        fleet.Issuer.Jwks.RespondOnce(FakeResponse.Text(old).After(TimeSpan.FromSeconds(1)));
        var before = fleet.Issuer.JwksRequestCount;
        var refresh = fleet.Replicas[0].RefreshAsync(CancellationToken.None);
        await fleet.Issuer.WaitForJwksRequestsAsync(before + 1);
        var asked = FleetUnderTest.AskAsync(fleet.Replicas[1], fleet.Issuer.RotateKey().KeyId);
        await fleet.AdvanceWhileWaitingAsync(Task.WhenAll(refresh, asked), TimeSpan.FromSeconds(3));

        Assert.Equal(KeyLookupStatus.Found, await asked);
        Assert.Equal(before + 2, fleet.Issuer.JwksRequestCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_failed_refresh_begins_the_cooldown_of_the_fleet_and_a_good_one_does_not_end_it(bool fails)
    {
        await using var fleet = await FleetUnderTest.StartAsync(2);
        if (fails)
            fleet.Issuer.Jwks.RespondOnce(FakeResponse.Status(500));
        else
            await FleetUnderTest.AskAsync(fleet.Replicas[0], "bogus");
        await fleet.AdvanceAsync(TimeSpan.FromSeconds(1));
        await fleet.Replicas[0].RefreshAsync(CancellationToken.None);
        await fleet.SettleAsync();
        var before = fleet.Issuer.JwksRequestCount;

        Assert.Equal(KeyLookupStatus.Unknown, await FleetUnderTest.AskAsync(fleet.Replicas[1], "bogus"));
        Assert.Equal(before, fleet.Issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_refresh_on_one_replica_withdraws_a_key_on_all()
    {
        await using var fleet = await FleetUnderTest.StartAsync(8);
        var leaked = fleet.Issuer.CurrentKey.KeyId;
        var replacement = fleet.Issuer.ReplaceAll().KeyId;
        var before = fleet.Issuer.JwksRequestCount;

        await fleet.Replicas[3].RefreshAsync(CancellationToken.None);
        await fleet.SettleAsync();

        Assert.All(fleet.Replicas, replica => Assert.Equal(KeyLookupStatus.FetchNeeded, FleetUnderTest.Find(replica, leaked)));
        Assert.All(fleet.Replicas, replica => Assert.Equal(KeyLookupStatus.Found, FleetUnderTest.Find(replica, replacement)));
        Assert.Equal(before + 1, fleet.Issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_clear_on_one_replica_clears_all_and_the_next_token_of_any_fetches()
    {
        await using var fleet = await FleetUnderTest.StartAsync(4);
        var before = fleet.Issuer.JwksRequestCount;
        var replacement = fleet.Issuer.ReplaceAll().KeyId;

        fleet.Replicas[0].Clear();
        await fleet.SettleAsync();
        Assert.All(fleet.Replicas, replica => Assert.Null(replica.CurrentSet));

        foreach (var replica in fleet.Replicas)
            Assert.Equal(KeyLookupStatus.Found, await FleetUnderTest.AskAsync(replica, replacement));
        Assert.Equal(before + 1, fleet.Issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_fetch_from_before_a_refresh_does_not_restore_a_withdrawn_key()
    {
        await using var fleet = await FleetUnderTest.StartAsync(2);
        var leaked = fleet.Issuer.CurrentKey;
        var late = $$"""{"keys":[{{leaked.ToJwk().ToJsonString()}}]}""";
        fleet.Issuer.Jwks.RespondOnce(FakeResponse.Text(late).After(TimeSpan.FromSeconds(1)));
        var before = fleet.Issuer.JwksRequestCount;
        var asked = FleetUnderTest.AskAsync(fleet.Replicas[0], "bogus");
        await fleet.Issuer.WaitForJwksRequestsAsync(before + 1);
        fleet.Issuer.ReplaceAll();

        await fleet.Replicas[1].RefreshAsync(CancellationToken.None);
        fleet.Clock.Advance(TimeSpan.FromSeconds(1));
        await asked;
        await fleet.SettleAsync();

        Assert.All(fleet.Replicas, replica => Assert.Equal(KeyLookupStatus.FetchNeeded, FleetUnderTest.Find(replica, leaked.KeyId)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task A_replica_that_crashes_during_its_fetch_delays_others_by_the_timeout_at_most_and_is_replaced_by_one(int replicas)
    {
        await using var fleet = await FleetUnderTest.StartAsync(replicas);
        var keyId = fleet.Issuer.RotateKey().KeyId;
        var before = fleet.Issuer.JwksRequestCount;
        var dead = fleet.Engine.Join(fleet.Name, fleet.Clock, () => { });
        await dead.ClaimAsync(new ClaimTerms(Cooldown, Cooldown, Seen: long.MaxValue), CancellationToken.None);

        // The engine answers, but the clock of the test runs ahead of it.
        fleet.Engine.Timeout = TimeSpan.FromHours(1);
        var asked = Task.WhenAll(fleet.Replicas.Select(replica => FleetUnderTest.AskAsync(replica, keyId)));
        await fleet.AdvanceWhileWaitingAsync(asked, KeySourceTuning.Default.Timeout);

        Assert.All(await asked, status => Assert.Equal(KeyLookupStatus.Found, status));
        Assert.Equal(before + 1, fleet.Issuer.JwksRequestCount);
        Assert.All(fleet.Replicas, replica => Assert.InRange(replica.GetStatus().CooldownEndsIn, TimeSpan.Zero, Cooldown));
    }

    [Fact]
    public async Task A_quiet_fleet_refreshes_as_often_as_one_replica()
    {
        await using var fleet = await FleetUnderTest.StartAsync(8);

        await fleet.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.InRange(fleet.Issuer.JwksRequestCount, 12, 16);
        Assert.All(fleet.Replicas, replica => Assert.True(replica.GetStatus().Age < TimeSpan.FromMinutes(5)));
    }

    [Fact]
    public async Task Caching_headers_bring_the_refresh_of_the_whole_fleet_forward()
    {
        await using var fleet = await FleetUnderTest.CreateAsync();
        fleet.Issuer.Jwks.Respond(FakeResponse.Regular.WithHeader("Cache-Control", "max-age=60"));
        await fleet.Add().StartAsync(CancellationToken.None);
        await fleet.Add().StartAsync(CancellationToken.None);

        await fleet.AdvanceAsync(TimeSpan.FromMinutes(10));

        Assert.InRange(fleet.Issuer.JwksRequestCount, 8, 11);
    }
}
