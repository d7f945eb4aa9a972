using System.Text;
using System.Text.Json.Nodes;
using JwksAuth.Fleet;
using JwksAuth.Keys;
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Tests.Fleet;

/// <summary>Copies of key sets in the engine: copies that no issuer sent are refused.</summary>
public class SharedCopyTests
{
    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("<html>")]
    public async Task A_malformed_copy_is_rejected_and_the_replica_fetches(string planted)
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
    public async Task A_copy_with_an_impossible_age_does_not_stop_replicas_from_fetching()
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
    public async Task A_copy_must_pass_every_check_of_a_download(string jwks)
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

        // The failure of the fetch reaches the fleet late: a copy planted before that would get its number.
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

    private static StoredAnswer DocumentOf(FleetUnderTest fleet, string jwks) =>
        new(fleet.Issuer.JwksUri, Encoding.UTF8.GetBytes(jwks), null, TimeSpan.Zero, null, null);

    /// <summary>A valid key set that this issuer never published.</summary>
    private static string FakeJwksSetOf(FleetUnderTest fleet)
    {
        var unpublished = fleet.Issuer.PublishAhead();
        fleet.Issuer.Withdraw(unpublished);
        return $$"""{"keys":[{{unpublished.ToJwk().ToJsonString()}}]}""";
    }
}
