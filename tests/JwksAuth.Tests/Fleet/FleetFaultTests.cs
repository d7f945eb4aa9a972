using JwksAuth.Keys;
using JwksAuth.Keys.Remote;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Fleet;

/// <summary>An engine that is down or hangs.</summary>
public class FleetFaultTests
{
    [Fact]
    public async Task With_the_engine_down_each_replica_works_as_if_alone()
    {
        await using var fleet = await FleetUnderTest.CreateAsync();
        fleet.Engine.Fail();
        var (first, second) = (fleet.Add(), fleet.Add());
        await first.StartAsync(CancellationToken.None);
        await second.StartAsync(CancellationToken.None);
        Assert.Equal(2, fleet.Issuer.JwksRequestCount);
        Assert.Equal(TimeSpan.Zero, first.GetStatus().CooldownEndsIn);

        await fleet.AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(KeyLookupStatus.Found, await FleetUnderTest.AskAsync(first, fleet.Issuer.RotateKey().KeyId));
        Assert.Equal(KeyLookupStatus.Unknown, await FleetUnderTest.AskAsync(first, "bogus"));
        Assert.Equal(3, fleet.Issuer.JwksRequestCount);
        Assert.Equal(2, fleet.Log.Entries.Count(entry => entry.Id.Name == "FleetUnavailable"));
    }

    [Fact]
    public async Task A_hanging_engine_delays_one_fetch_by_50_ms_and_the_next_not_at_all()
    {
        await using var fleet = await FleetUnderTest.StartAsync(1);
        var replica = fleet.Replicas[0];
        fleet.Engine.Hang();
        Assert.Equal(1, fleet.Clock.ActiveTimers); // that of the schedule
        var first = fleet.Issuer.RotateKey().KeyId;
        var requests = fleet.Issuer.JwksRequestCount;

        var asked = FleetUnderTest.AskAsync(replica, first);
        await fleet.Clock.WaitForTimersAsync(3);
        fleet.Clock.Advance(TimeSpan.FromMilliseconds(49));
        Assert.False(asked.IsCompleted);
        Assert.Equal(requests, fleet.Issuer.JwksRequestCount);
        fleet.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(KeyLookupStatus.Found, await asked);

        replica.Clear();
        Assert.Equal(KeyLookupStatus.Found, await FleetUnderTest.AskAsync(replica, first));
        Assert.Equal(requests + 2, fleet.Issuer.JwksRequestCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refresh_or_clear_reaches_the_others_while_an_earlier_call_is_pending(bool isRefresh)
    {
        await using var fleet = await FleetUnderTest.StartAsync(2);
        fleet.Engine.Hang();
        await fleet.AdvanceWhileWaitingAsync(FleetUnderTest.AskAsync(fleet.Replicas[0], "bogus"), fleet.Engine.Timeout);
        fleet.Engine.Recover();
        var leaked = fleet.Issuer.CurrentKey.KeyId;
        fleet.Issuer.ReplaceAll();

        // This replica receives its own notification only after it has given up the pending call.
        await RefreshOrClearAsync(fleet.Replicas[0], isRefresh);
        await fleet.AdvanceWhileWaitingAsync(fleet.SettleAsync(), TimeSpan.FromSeconds(5));

        Assert.Equal(KeyLookupStatus.FetchNeeded, FleetUnderTest.Find(fleet.Replicas[1], leaked));
        Assert.Equal(isRefresh, fleet.Replicas[1].CurrentSet is not null);
    }

    [Fact]
    public async Task A_refresh_reaches_the_others_although_the_engine_is_slow()
    {
        await using var fleet = await FleetUnderTest.StartAsync(2);
        fleet.Engine.Slow(TimeSpan.FromMilliseconds(900));
        var leaked = fleet.Issuer.CurrentKey.KeyId;
        fleet.Issuer.ReplaceAll();

        await fleet.AdvanceWhileWaitingAsync(fleet.Replicas[0].RefreshAsync(CancellationToken.None), TimeSpan.FromSeconds(2));
        await fleet.AdvanceWhileWaitingAsync(fleet.SettleAsync(), TimeSpan.FromSeconds(5));

        Assert.Equal(KeyLookupStatus.FetchNeeded, FleetUnderTest.Find(fleet.Replicas[1], leaked));
        Assert.DoesNotContain(fleet.Log.Entries, entry => entry.Id.Name == "FleetNotTold");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refresh_or_clear_that_reaches_only_this_replica_is_logged(bool isRefresh)
    {
        await using var fleet = await FleetUnderTest.StartAsync(2);
        fleet.Engine.Fail();

        await RefreshOrClearAsync(fleet.Replicas[0], isRefresh);
        await fleet.SettleAsync();

        Assert.Single(fleet.Log.Entries, entry => entry.Id.Name == "FleetNotTold");
    }

    [Fact]
    public async Task After_an_outage_of_the_engine_the_replicas_share_again()
    {
        await using var fleet = await FleetUnderTest.StartAsync(4);
        fleet.Engine.Fail();
        await fleet.AdvanceAsync(TimeSpan.FromMinutes(10));
        fleet.Engine.Recover();
        var old = fleet.Engine.Read(fleet.Name).Version;
        await fleet.AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.True(fleet.Engine.Read(fleet.Name).Version > old);
        var requests = fleet.Issuer.JwksRequestCount;

        var leaked = fleet.Issuer.CurrentKey.KeyId;
        fleet.Issuer.ReplaceAll();
        await fleet.Replicas[0].RefreshAsync(CancellationToken.None);
        await fleet.SettleAsync();

        Assert.All(fleet.Replicas, replica => Assert.Equal(KeyLookupStatus.FetchNeeded, FleetUnderTest.Find(replica, leaked)));
        Assert.Equal(requests + 1, fleet.Issuer.JwksRequestCount);
        Assert.Contains(fleet.Log.Entries, entry => entry.Id.Name == "FleetAvailable");
    }

    [Fact]
    public async Task An_older_copy_never_replaces_what_a_replica_fetched_alone()
    {
        await using var fleet = await FleetUnderTest.StartAsync(1);
        var leaked = fleet.Issuer.CurrentKey.KeyId;
        fleet.Engine.Fail();
        fleet.Issuer.ReplaceAll();
        await fleet.Replicas[0].RefreshAsync(CancellationToken.None);
        fleet.Engine.Recover();

        await fleet.AdvanceAsync(TimeSpan.FromSeconds(10));
        await FleetUnderTest.AskAsync(fleet.Replicas[0], "bogus");

        Assert.Equal(KeyLookupStatus.FetchNeeded, FleetUnderTest.Find(fleet.Replicas[0], leaked));
    }

    [Fact]
    public async Task A_fetch_made_alone_before_a_refresh_does_not_restore_a_withdrawn_key()
    {
        await using var fleet = await FleetUnderTest.StartAsync(2);
        var leaked = fleet.Issuer.CurrentKey;
        var late = $$"""{"keys":[{{leaked.ToJwk().ToJsonString()}}]}""";
        fleet.Issuer.Jwks.RespondOnce(FakeResponse.Text(late).After(TimeSpan.FromSeconds(2)));
        var before = fleet.Issuer.JwksRequestCount;
        fleet.Engine.Fail();
        var asked = FleetUnderTest.AskAsync(fleet.Replicas[0], "bogus");
        await fleet.Issuer.WaitForJwksRequestsAsync(before + 1);
        fleet.Engine.Recover();
        fleet.Clock.Advance(TimeSpan.FromSeconds(1));
        fleet.Issuer.ReplaceAll();

        await fleet.Replicas[1].RefreshAsync(CancellationToken.None);
        await fleet.Replicas[0].CurrentSharing;
        fleet.Clock.Advance(TimeSpan.FromSeconds(2));
        await asked;
        await fleet.SettleAsync();

        Assert.All(fleet.Replicas, replica => Assert.Equal(KeyLookupStatus.FetchNeeded, FleetUnderTest.Find(replica, leaked.KeyId)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_withdrawal_right_after_a_fetch_made_alone_clears_its_keys(bool isSlow)
    {
        await using var fleet = await FleetUnderTest.StartAsync(2);
        fleet.Engine.Fail();
        await fleet.Replicas[0].RefreshAsync(CancellationToken.None);
        await fleet.SettleAsync();
        fleet.Engine.Recover();
        if (isSlow)
            fleet.Engine.Slow(TimeSpan.FromMilliseconds(900));

        fleet.Replicas[1].Clear();
        await fleet.AdvanceWhileWaitingAsync(fleet.SettleAsync(), TimeSpan.FromSeconds(5));

        Assert.Null(fleet.Replicas[0].CurrentSet);
    }

    [Fact]
    public async Task Keys_cleared_during_an_outage_of_the_engine_are_not_restored_after_it()
    {
        await using var fleet = await FleetUnderTest.StartAsync(1);
        var leaked = fleet.Issuer.CurrentKey.KeyId;
        fleet.Engine.Fail();
        fleet.Clock.Advance(TimeSpan.FromSeconds(1));
        fleet.Replicas[0].Clear();
        await fleet.SettleAsync();
        fleet.Engine.Recover();
        fleet.Issuer.ReplaceAll();

        Assert.Equal(KeyLookupStatus.Unknown, await FleetUnderTest.AskAsync(fleet.Replicas[0], leaked));
    }

    [Fact]
    public async Task Disposal_while_the_engine_hangs_leaves_no_timer()
    {
        await using var fleet = await FleetUnderTest.StartAsync(1);
        fleet.Engine.Hang();
        var asked = FleetUnderTest.AskAsync(fleet.Replicas[0], "bogus");

        await fleet.Replicas[0].DisposeAsync();

        Assert.Equal(KeyLookupStatus.Unavailable, await asked);
    }

    private static Task RefreshOrClearAsync(RemoteKeySource replica, bool isRefresh)
    {
        if (isRefresh)
            return replica.RefreshAsync(CancellationToken.None);
        replica.Clear();
        return Task.CompletedTask;
    }
}
