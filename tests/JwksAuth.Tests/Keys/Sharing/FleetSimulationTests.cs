using JwksAuth.Testing;

namespace JwksAuth.Tests.Keys.Sharing;

/// <summary>500 replicas by a fake clock: what the issuer is asked per minute, alone and as a fleet. The numbers are those of docs/fleet.md.</summary>
public class FleetSimulationTests
{
    private const int Replicas = 500;

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task All_start_at_once()
    {
        Assert.Equal(Replicas, await MeasureStartAsync(isFleet: false));
        Assert.Equal(1, await MeasureStartAsync(isFleet: true));
    }

    [Fact]
    public async Task Nothing_happens()
    {
        Assert.InRange(await MeasureAsync(isFleet: false, minutes: 10, _ => Task.CompletedTask), 90, 135);
        Assert.InRange(await MeasureAsync(isFleet: true, minutes: 10, _ => Task.CompletedTask), 0.1, 0.3);
    }

    [Fact]
    public async Task A_flood_of_unknown_keys_reaches_all()
    {
        Assert.InRange(await MeasureAsync(isFleet: false, minutes: 1, FloodAsync), 2900, 3100);
        Assert.InRange(await MeasureAsync(isFleet: true, minutes: 1, FloodAsync), 5, 6);
    }

    [Fact]
    public async Task The_engine_is_out() =>
        Assert.InRange(await MeasureAsync(isFleet: true, minutes: 10, _ => Task.CompletedTask, engineFails: true), 90, 135);

    [Fact]
    public async Task The_issuer_is_out()
    {
        Assert.InRange(await MeasureAsync(isFleet: false, minutes: 15, _ => Task.CompletedTask, issuerFails: true), 300, 700);
        Assert.InRange(await MeasureAsync(isFleet: true, minutes: 15, _ => Task.CompletedTask, issuerFails: true), 0.5, 6);
    }

    private static async Task<int> MeasureStartAsync(bool isFleet)
    {
        await using var fleet = await CreateAsync(isFleet);
        await Task.WhenAll(fleet.Replicas.Select(replica => replica.StartAsync(CancellationToken.None)));
        return fleet.Issuer.JwksRequestCount;
    }

    /// <summary>The requests per minute that the issuer sees.</summary>
    private static async Task<double> MeasureAsync(
        bool isFleet, int minutes, Func<FleetUnderTest, Task> happens, bool engineFails = false, bool issuerFails = false)
    {
        await using var fleet = await CreateAsync(isFleet);
        await Task.WhenAll(fleet.Replicas.Select(replica => replica.StartAsync(CancellationToken.None)));
        await fleet.AdvanceAsync(TimeSpan.FromSeconds(10), Step);
        if (engineFails)
            fleet.Engine.Fail();
        if (issuerFails)
            fleet.Issuer.Jwks.Respond(FakeResponse.Status(500));

        var before = fleet.Issuer.JwksRequestCount;
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromMinutes(minutes); passed += Step)
        {
            await happens(fleet);
            await fleet.AdvanceAsync(Step, Step);
        }

        return (fleet.Issuer.JwksRequestCount - before) / (double)minutes;
    }

    private static async Task<FleetUnderTest> CreateAsync(bool isFleet)
    {
        var fleet = await FleetUnderTest.CreateAsync();
        for (var index = 0; index < Replicas; index++)
        {
            if (isFleet)
                fleet.Add();
            else
                fleet.AddAlone();
        }

        return fleet;
    }

    private static Task FloodAsync(FleetUnderTest fleet) => Task.WhenAll(fleet.Replicas.Select(replica => FleetUnderTest.AskAsync(replica, "bogus")));
}
