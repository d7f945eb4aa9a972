using System.Diagnostics;
using System.Net;
using JwksAuth.Testing;
using Xunit.Abstractions;

namespace JwksAuth.IntegrationTests.Fleet;

/// <summary>Eight processes with a real PostgreSQL during rotations, floods and faults.</summary>
public sealed class PostgreSqlFleetTests(FleetOfProcesses fleet, ITestOutputHelper output) : IClassFixture<FleetOfProcesses>
{
    private static readonly TimeSpan FindingTogetherLimit = TimeSpan.FromSeconds(30);

    [SkippableFact]
    public void Processes_that_start_at_once_fetch_once()
    {
        _ = fleet.Database;

        Assert.Equal(1, fleet.FetchesAtStart);
    }

    [SkippableFact]
    public async Task Processes_that_start_during_an_outage_of_the_issuer_use_the_copy()
    {
        _ = fleet.Database;

        AssertAll(HttpStatusCode.OK, await fleet.AskAllAsync(FleetOfProcesses.Gone, fleet.TokenOfGone));
    }

    [SkippableFact]
    public async Task A_flood_of_unknown_keys_on_all_causes_one_fetch_per_cooldown()
    {
        _ = fleet.Database;
        await using var load = new GoodTokens(fleet, FleetOfProcesses.Steady, fleet.SteadyIssuer);

        var before = fleet.SteadyIssuer.JwksRequestCount;
        var (began, floods) = (Stopwatch.GetTimestamp(), 0);
        for (; Stopwatch.GetElapsedTime(began) < FleetOfProcesses.Cooldown + TimeSpan.FromSeconds(1); floods++)
        {
            AssertAll(HttpStatusCode.Unauthorized, await fleet.AskAllAsync(FleetOfProcesses.Steady, BogusToken(fleet.SteadyIssuer)));
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }

        var windows = Stopwatch.GetElapsedTime(began) / FleetOfProcesses.Cooldown;
        var caused = fleet.SteadyIssuer.JwksRequestCount - before;
        output.WriteLine($"{floods * fleet.Nodes.Count} bogus tokens, {caused} fetches in {windows:0.0} windows");
        Assert.InRange(caused, 1, 1 + (int)windows);
        await AssertNoFailureAsync(load);
    }

    [SkippableFact]
    public async Task A_rotation_under_load_causes_one_fetch_and_no_failure()
    {
        _ = fleet.Database;
        await FleetOfProcesses.QuickWindowOpensAsync();
        await using var load = new GoodTokens(fleet, FleetOfProcesses.Quick, fleet.QuickIssuer);
        var before = fleet.QuickIssuer.JwksRequestCount;
        await load.SendAsync(100);

        fleet.QuickIssuer.RotateKey();
        AssertAll(HttpStatusCode.OK, await fleet.AskAllAsync(FleetOfProcesses.Quick, fleet.QuickIssuer.CreateToken()));

        await load.SendAsync(100);
        await AssertNoFailureAsync(load);
        Assert.Equal(before + 1, fleet.QuickIssuer.JwksRequestCount);
    }

    [SkippableFact]
    public async Task After_a_withdrawal_one_refresh_makes_all_refuse_within_a_second()
    {
        _ = fleet.Database;
        var leaked = fleet.LeakyIssuer.CreateToken();
        AssertAll(HttpStatusCode.OK, await fleet.AskAllAsync(FleetOfProcesses.Leaky, leaked));

        // The first refresh of a process compiles its code, so the next one is measured.
        await fleet.Nodes[0].RefreshAsync(fleet.LeakyIssuer.Issuer);
        fleet.LeakyIssuer.ReplaceAll();
        var before = fleet.LeakyIssuer.JwksRequestCount;

        var asked = Stopwatch.GetTimestamp();
        await fleet.Nodes[0].RefreshAsync(fleet.LeakyIssuer.Issuer);
        var answered = Stopwatch.GetTimestamp();
        var sent = answered;
        while ((await fleet.AskAllAsync(FleetOfProcesses.Leaky, leaked)).Contains(HttpStatusCode.OK))
        {
            // The time of sending counts: on a busy machine the response may take long.
            Assert.True(Stopwatch.GetElapsedTime(answered, sent) < TimeSpan.FromSeconds(1), "A withdrawn key verified a token a second after the refresh.");
            sent = Stopwatch.GetTimestamp();
        }

        output.WriteLine(
            $"answered after {Stopwatch.GetElapsedTime(asked, answered).TotalMilliseconds:0} ms, all refuse after {Stopwatch.GetElapsedTime(asked).TotalMilliseconds:0} ms");
        Assert.Equal(before + 2, fleet.LeakyIssuer.JwksRequestCount); // the refresh, and one fetch by all for the tokens of the withdrawn key
        AssertAll(HttpStatusCode.OK, await fleet.AskAllAsync(FleetOfProcesses.Leaky, fleet.LeakyIssuer.CreateToken()));
    }

    [SkippableTheory]
    [InlineData("stops")]
    [InlineData("hangs")]
    public async Task A_database_outage_fails_no_valid_token_and_the_replicas_share_again_afterwards(string fault)
    {
        var (fail, recover) = fault == "hangs"
            ? ((Func<Task>)fleet.Database.FreezeAsync, (Func<Task>)fleet.Database.ThawAsync)
            : (fleet.Database.StopServerAsync, fleet.Database.StartServerAsync);
        await using var load = new GoodTokens(fleet, FleetOfProcesses.Quick, fleet.QuickIssuer);
        await FleetOfProcesses.QuickWindowOpensAsync();
        var other = fleet.QuickIssuer.PublishAhead();
        var withdrawn = fleet.QuickIssuer.CreateToken(token => token.SignedBy(other));
        AssertAll(HttpStatusCode.OK, await fleet.AskAllAsync(FleetOfProcesses.Quick, withdrawn));
        await FleetOfProcesses.QuickWindowOpensAsync();
        var before = fleet.QuickIssuer.JwksRequestCount;

        await fail();
        fleet.QuickIssuer.RotateKey();
        AssertAll(HttpStatusCode.OK, await fleet.AskAllAsync(FleetOfProcesses.Quick, fleet.QuickIssuer.CreateToken()));
        Assert.Equal(before + fleet.Nodes.Count, fleet.QuickIssuer.JwksRequestCount);
        AssertAll(HttpStatusCode.Unauthorized, await fleet.AskAllAsync(FleetOfProcesses.Quick, BogusToken(fleet.QuickIssuer)));

        await recover();
        fleet.QuickIssuer.Withdraw(other);
        output.WriteLine($"together after {(await FindTogetherAsync(withdrawn)).TotalMilliseconds:0} ms");
        await AssertNoFailureAsync(load);
        await FleetOfProcesses.QuickWindowOpensAsync();
        before = fleet.QuickIssuer.JwksRequestCount;
        fleet.QuickIssuer.RotateKey();
        AssertAll(HttpStatusCode.OK, await fleet.AskAllAsync(FleetOfProcesses.Quick, fleet.QuickIssuer.CreateToken()));
        Assert.Equal(before + 1, fleet.QuickIssuer.JwksRequestCount);
    }

    /// <summary>Refreshes one process until all others have noticed the withdrawal; returns how long that took.</summary>
    private async Task<TimeSpan> FindTogetherAsync(string withdrawn)
    {
        var recovered = Stopwatch.GetTimestamp();
        do
        {
            Assert.True(Stopwatch.GetElapsedTime(recovered) < FindingTogetherLimit, "The fleet did not find together.");
            await fleet.Nodes[0].RefreshAsync(fleet.QuickIssuer.Issuer);
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
        while ((await fleet.AskAllAsync(FleetOfProcesses.Quick, withdrawn)).Contains(HttpStatusCode.OK));

        return Stopwatch.GetElapsedTime(recovered);
    }

    private async Task AssertNoFailureAsync(GoodTokens load)
    {
        var answers = await load.StopAsync();
        output.WriteLine($"good tokens: {string.Join(", ", answers.Select(answer => $"{answer.Value} × {(int)answer.Key}"))}");
        Assert.Equal([HttpStatusCode.OK], answers.Keys);
    }

    private static void AssertAll(HttpStatusCode expected, HttpStatusCode[] answers) => Assert.All(answers, answer => Assert.Equal(expected, answer));

    private static string BogusToken(FakeIssuer issuer) => issuer.CreateToken(token => token.WithUnknownKeyId());
}
