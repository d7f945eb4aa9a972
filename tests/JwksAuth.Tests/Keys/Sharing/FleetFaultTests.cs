using System.Text;
using System.Text.Json.Nodes;
using JwksAuth.Keys;
using JwksAuth.Keys.Sharing;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Keys.Sharing;

/// <summary>An engine that is down, lies still, or holds what no issuer sent.</summary>
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
        Assert.Equal(TimeSpan.FromSeconds(10), first.GetStatus().WindowOpensIn);

        await fleet.AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(KeyLookupStatus.Found, await FleetUnderTest.AskAsync(first, fleet.Issuer.RotateKey().KeyId));
        Assert.Equal(KeyLookupStatus.Unknown, await FleetUnderTest.AskAsync(first, "bogus"));
        Assert.Equal(3, fleet.Issuer.JwksRequestCount);
        Assert.Equal(2, fleet.Log.Entries.Count(entry => entry.Id.Name == "FleetUnavailable"));
    }

    [Fact]
    public async Task An_engine_that_hangs_delays_a_fetch_by_50_ms_and_the_next_by_nothing()
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
    public async Task A_refresh_or_clear_reaches_the_others_although_the_engine_owes_an_answer(bool isRefresh)
    {
        await using var fleet = await FleetUnderTest.StartAsync(2);
        fleet.Engine.Hang();
        await fleet.AdvanceWhileWaitingAsync(FleetUnderTest.AskAsync(fleet.Replicas[0], "bogus"), fleet.Engine.Timeout);
        fleet.Engine.Recover();
        var leaked = fleet.Issuer.CurrentKey.KeyId;
        fleet.Issuer.ReplaceAll();

        // This replica hears of its own word only when the answer that is owed is given up.
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
    public async Task A_refresh_or_clear_that_reaches_this_replica_alone_is_logged(bool isRefresh)
    {
        await using var fleet = await FleetUnderTest.StartAsync(2);
        fleet.Engine.Fail();

        await RefreshOrClearAsync(fleet.Replicas[0], isRefresh);
        await fleet.SettleAsync();

        Assert.Single(fleet.Log.Entries, entry => entry.Id.Name == "FleetNotTold");
    }

    [Fact]
    public async Task After_an_outage_of_the_engine_the_fleet_finds_together_again()
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
    public async Task A_fetch_made_alone_from_before_a_refresh_brings_no_withdrawn_key_back()
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

    [Fact]
    public async Task Keys_cleared_while_the_engine_was_down_do_not_come_back_with_it()
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

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("<html>")]
    public async Task A_copy_that_is_none_is_refused_and_the_replica_fetches(string planted)
    {
        await using var fleet = await FleetUnderTest.CreateAsync();
        fleet.Engine.Plant(fleet.Name, Encoding.UTF8.GetBytes(planted), TimeSpan.Zero);

        await fleet.Add().StartAsync(CancellationToken.None);

        Assert.Equal(KeyLookupStatus.Found, FleetUnderTest.Find(fleet.Replicas[0], fleet.Issuer.CurrentKey.KeyId));
        Assert.Equal(1, fleet.Issuer.JwksRequestCount);
        Assert.Contains(fleet.Log.Entries, entry => entry.Id.Name == "SharedKeysRefused");

        await fleet.SettleAsync();
        await fleet.Add().StartAsync(CancellationToken.None);
        Assert.Equal(1, fleet.Issuer.JwksRequestCount);
    }

    [Theory]
    [InlineData("jwks")]
    [InlineData("metadata")]
    public async Task A_copy_with_an_escaped_lone_surrogate_is_refused_and_the_replica_fetches(string member)
    {
        await using var fleet = await FleetUnderTest.CreateAsync();
        var good = JsonNode.Parse(DocumentOf(fleet, FakeJwksSetOf(fleet)).Write(fleet.Name))!.AsObject();
        good[member] = "surrogate";
        fleet.Engine.Plant(fleet.Name, Encoding.UTF8.GetBytes(good.ToJsonString().Replace("surrogate", "\\ud800", StringComparison.Ordinal)), TimeSpan.Zero);

        await fleet.Add().StartAsync(CancellationToken.None);
        await fleet.SettleAsync();

        Assert.NotEqual(KeyLookupStatus.Unavailable, await FleetUnderTest.AskAsync(fleet.Replicas[0], fleet.Issuer.CurrentKey.KeyId));
    }

    [Fact]
    public async Task A_copy_of_an_impossible_age_keeps_no_replica_from_fetching_for_good()
    {
        await using var fleet = await FleetUnderTest.CreateAsync();
        fleet.Engine.Plant(fleet.Name, DocumentOf(fleet, FakeJwksSetOf(fleet)).Write(fleet.Name), TimeSpan.FromDays(-4_000_000));
        await fleet.Add().StartAsync(CancellationToken.None);

        var refresh = await fleet.Replicas[0].RefreshAsync(CancellationToken.None);

        Assert.NotEqual(JwksRefreshOutcome.Failed, refresh.Outcome);
        Assert.Equal(1, fleet.Issuer.JwksRequestCount);
    }

    public static TheoryData<string> BadKeySets => new(
        """{"keys":[]}""",
        """{"keys":[{"kty":"oct","k":"c2VjcmV0","kid":"x"}]}""",
        """{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB","kid":"weak"}]}""",
        "[]",
        $$"""{"keys":[{{string.Join(',', Enumerable.Repeat("{}", 101))}}]}""",
        $$"""{"keys":[],"padding":"{{new string('x', 600 * 1024)}}"}""");

    [Theory]
    [MemberData(nameof(BadKeySets))]
    public async Task A_copy_meets_every_check_that_a_download_meets(string jwks)
    {
        await using var fleet = await FleetUnderTest.CreateAsync();
        var planted = DocumentOf(fleet, jwks);
        fleet.Engine.Plant(fleet.Name, planted.Write(fleet.Name), TimeSpan.Zero);

        await fleet.Add().StartAsync(CancellationToken.None);

        Assert.Equal(fleet.Issuer.CurrentKey.KeyId, Assert.Single(fleet.Replicas[0].CurrentSet!.Keys).KeyId);
        Assert.Equal(1, fleet.Issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_copy_from_another_address_or_of_another_source_is_refused()
    {
        await using var fleet = await FleetUnderTest.CreateAsync();
        var stranger = FakeJwksSetOf(fleet);
        var elsewhere = DocumentOf(fleet, stranger) with { Address = "https://elsewhere.test/jwks" };
        fleet.Engine.Plant(fleet.Name, elsewhere.Write(fleet.Name), TimeSpan.Zero);
        await fleet.Add().StartAsync(CancellationToken.None);
        fleet.Engine.Plant(fleet.Name, DocumentOf(fleet, stranger).Write(new FleetSourceName("other", "other")), TimeSpan.Zero);
        await fleet.Add().StartAsync(CancellationToken.None);
        await fleet.SettleAsync();

        Assert.All(fleet.Replicas, replica => Assert.Equal(fleet.Issuer.CurrentKey.KeyId, Assert.Single(replica.CurrentSet!.Keys).KeyId));
    }

    [Fact]
    public async Task A_copy_that_names_another_issuer_in_its_metadata_is_refused()
    {
        await using var fleet = await FleetUnderTest.CreateAsync(discovers: true);
        var metadata = """{"issuer":"https://elsewhere.test","jwks_uri":"https://elsewhere.test/jwks"}""";
        var planted = DocumentOf(fleet, FakeJwksSetOf(fleet)) with { Address = "https://elsewhere.test/jwks", Metadata = Encoding.UTF8.GetBytes(metadata) };
        fleet.Engine.Plant(fleet.Name, planted.Write(fleet.Name), TimeSpan.Zero);

        await fleet.Add().StartAsync(CancellationToken.None);

        Assert.Equal(fleet.Issuer.CurrentKey.KeyId, Assert.Single(fleet.Replicas[0].CurrentSet!.Keys).KeyId);
    }

    [Fact]
    public async Task The_age_of_a_copy_counts()
    {
        await using var fleet = await FleetUnderTest.CreateAsync();
        await fleet.Issuer.StopAsync();
        var document = DocumentOf(fleet, FakeJwksSetOf(fleet)).Write(fleet.Name);
        fleet.Engine.Plant(fleet.Name, document, TimeSpan.FromHours(24));
        var tooOld = fleet.Add();
        await tooOld.StartAsync(CancellationToken.None);
        Assert.Null(tooOld.CurrentSet);

        // The fleet is told late that the fetch failed: planted before, the next copy would take its number.
        await fleet.SettleAsync();
        fleet.Engine.Plant(fleet.Name, document, TimeSpan.FromHours(23));
        var old = fleet.Add();
        await old.StartAsync(CancellationToken.None);
        Assert.NotNull(old.CurrentSet);

        await fleet.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal(JwksSourceState.Expired, old.GetStatus().State);
    }

    [Fact]
    public async Task Each_replica_reads_a_copy_by_its_own_rules()
    {
        await using var fleet = await FleetUnderTest.StartAsync(1);

        var strict = fleet.Add(reading: new KeyReadingSettings(Authorities: []));
        await strict.StartAsync(CancellationToken.None);

        Assert.Null(strict.CurrentSet);
    }

    [Fact]
    public async Task Disposal_in_the_middle_of_a_hang_leaves_no_timer()
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

    private static SharedDocument DocumentOf(FleetUnderTest fleet, string jwks) =>
        new(fleet.Issuer.JwksUri, Encoding.UTF8.GetBytes(jwks), null, TimeSpan.Zero, null, null);

    /// <summary>A good key set that this issuer never published.</summary>
    private static string FakeJwksSetOf(FleetUnderTest fleet)
    {
        var unpublished = fleet.Issuer.PublishAhead();
        fleet.Issuer.Withdraw(unpublished);
        return $$"""{"keys":[{{unpublished.ToJwk().ToJsonString()}}]}""";
    }
}
