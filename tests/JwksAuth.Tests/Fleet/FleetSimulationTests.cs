using System.Globalization;
using JwksAuth.Testing;
using Xunit.Abstractions;

namespace JwksAuth.Tests.Fleet;

/// <summary>
/// 500 replicas on a fake clock: requests for the key set per minute at the issuer, alone and as a fleet. Each test prints its row of the table
/// in docs/fleet.md; jitter is random, so two runs differ a little.
/// </summary>
public class FleetSimulationTests(ITestOutputHelper output)
{
    private const int Replicas = 500;

    private static readonly TimeSpan FloodInterval = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task All_replicas_start_at_once()
    {
        var (alone, together) = (await CountStartAsync(isFleet: false), await CountStartAsync(isFleet: true));

        Print("All start at once", alone, together);
        Assert.Equal(Replicas, alone);
        Assert.Equal(1, together);
    }

    [Fact]
    public async Task Normal_operation() =>
        await MeasureAsync("Normal operation", new Scenario(Minutes: 10), alone: (90, 135), together: (0.15, 0.3));

    [Fact]
    public async Task A_flood_of_unknown_keys_reaches_all() =>
        await MeasureAsync("A flood of unknown keys on all", new Scenario(Minutes: 2, IsFlood: true), alone: (2900, 3000), together: (5, 6));

    [Fact]
    public async Task The_engine_is_unreachable() =>
        await MeasureAsync("The engine is unreachable", new Scenario(Minutes: 10, EngineFails: true), alone: (90, 135), together: (90, 135));

    [Fact]
    public async Task The_engine_is_unreachable_during_a_flood() => await MeasureAsync(
        "The engine is unreachable during a flood", new Scenario(Minutes: 2, IsFlood: true, EngineFails: true), alone: (2900, 3000), together: (2900, 3000));

    [Fact]
    public async Task The_issuer_is_unreachable() =>
        await MeasureAsync("The issuer is unreachable", new Scenario(Minutes: 10, IssuerFails: true), alone: (350, 600), together: (0.5, 6));

    [Fact]
    public async Task The_issuer_is_unreachable_during_a_flood() => await MeasureAsync(
        "The issuer is unreachable during a flood", new Scenario(Minutes: 2, IsFlood: true, IssuerFails: true), alone: (2900, 3000), together: (5, 6));

    private async Task MeasureAsync(string name, Scenario scenario, (double Least, double Most) alone, (double Least, double Most) together)
    {
        var measuredAlone = await RatePerMinuteAsync(scenario, isFleet: false);
        var measuredTogether = await RatePerMinuteAsync(scenario, isFleet: true);

        Print(name, measuredAlone, measuredTogether);
        Assert.InRange(measuredAlone, alone.Least, alone.Most);
        Assert.InRange(measuredTogether, together.Least, together.Most);
    }

    private static async Task<int> CountStartAsync(bool isFleet)
    {
        await using var fleet = await StartAsync(isFleet);
        return fleet.Issuer.JwksRequestCount;
    }

    private static async Task<double> RatePerMinuteAsync(Scenario scenario, bool isFleet)
    {
        await using var fleet = await StartAsync(isFleet);
        await fleet.AdvanceAsync(TimeSpan.FromSeconds(10));
        if (scenario.EngineFails)
            fleet.Engine.Fail();
        if (scenario.IssuerFails)
            fleet.Issuer.Jwks.Respond(FakeResponse.Status(500));

        var before = fleet.Issuer.JwksRequestCount;
        var end = TimeSpan.FromMinutes(scenario.Minutes);
        var step = scenario.IsFlood ? FloodInterval : end;
        for (var passed = TimeSpan.Zero; passed < end; passed += step)
        {
            if (scenario.IsFlood)
                await Task.WhenAll(fleet.Replicas.Select(replica => FleetUnderTest.AskAsync(replica, $"bogus-{passed}")));
            await fleet.AdvanceAsync(step);
        }

        return (fleet.Issuer.JwksRequestCount - before) / end.TotalMinutes;
    }

    private static async Task<FleetUnderTest> StartAsync(bool isFleet)
    {
        var fleet = await FleetUnderTest.CreateAsync();
        var replicas = Enumerable.Range(0, Replicas).Select(_ => isFleet ? fleet.Add() : fleet.AddAlone()).ToArray();
        await Task.WhenAll(replicas.Select(replica => replica.StartAsync(CancellationToken.None)));
        await fleet.SettleAsync();
        return fleet;
    }

    private void Print(string name, double alone, double together) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {alone:#,0.##} | {together:#,0.##} |"));

    private sealed record Scenario(int Minutes, bool IsFlood = false, bool EngineFails = false, bool IssuerFails = false);
}
