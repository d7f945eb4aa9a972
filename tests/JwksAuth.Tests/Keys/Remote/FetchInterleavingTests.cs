namespace JwksAuth.Tests.Keys.Remote;

/// <summary>
/// The fetches of a source in every order of events: never two at the same time, never an older set after a newer one or after a
/// clear, and an answer for every waiting request.
/// </summary>
public class FetchInterleavingTests
{
    private static readonly FetchEvent[] Essential =
        [FetchEvent.Ask, FetchEvent.AskAndWait, FetchEvent.Refresh, FetchEvent.Clear, FetchEvent.Answer, FetchEvent.Fail, FetchEvent.Wait];

    [Theory]
    [InlineData(FetchEvent.Ask)]
    [InlineData(FetchEvent.AskAndWait)]
    [InlineData(FetchEvent.Refresh)]
    [InlineData(FetchEvent.Clear)]
    [InlineData(FetchEvent.Wait)]
    public async Task Every_order_of_five_events_keeps_the_rules(FetchEvent first)
    {
        var orders = 0;
        for (var number = 0; number < Math.Pow(Essential.Length, 4); number++)
        {
            FetchEvent[] order = [first, .. Digits(number).Take(4)];
            orders += await RunAsync(1, string.Join(", ", order), order.Select(each => (each, 0))) ? 1 : 0;
        }

        Assert.InRange(orders, 400, 2401);
    }

    [Fact]
    public Task Random_orders_of_thirty_events_keep_the_rules() => RunRandomOrdersAsync(replicas: 1);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public Task Random_orders_of_thirty_events_keep_the_rules_in_a_fleet(int replicas) => RunRandomOrdersAsync(replicas);

    private static async Task RunRandomOrdersAsync(int replicas)
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var events = Enumerable.Range(0, 30).Select(_ => ((FetchEvent)random.Next(Enum.GetValues<FetchEvent>().Length), random.Next(replicas))).ToArray();
            await RunAsync(replicas, $"seed {seed}: {string.Join(", ", events)}", events, skips: true);
        }
    }

    /// <returns>False where an event of the order cannot happen then.</returns>
    private static async Task<bool> RunAsync(int replicas, string order, IEnumerable<(FetchEvent Event, int Replica)> events, bool skips = false)
    {
        await using var model = new FetchModel(replicas);
        try
        {
            foreach (var (happens, replica) in events)
            {
                if (model.IsPossible(happens, replica))
                    await model.HappenAsync(happens, replica);
                else if (!skips)
                    return false;
            }

            await model.EndAsync();
            return true;
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"The rules do not hold for {order}", exception);
        }
    }

    private static IEnumerable<FetchEvent> Digits(int number)
    {
        for (; ; number /= Essential.Length)
            yield return Essential[number % Essential.Length];
    }
}
