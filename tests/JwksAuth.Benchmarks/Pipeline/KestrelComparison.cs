namespace JwksAuth.Benchmarks;

/// <summary>
/// The whole pipeline on Kestrel over loopback: CPU time and bytes per request of each side, and what ours adds over the open endpoint as a
/// ratio to what stock adds. The sides take turns in many short rounds, so that a slow minute of the machine does not affect only one of them,
/// and the median of the rounds counts: the kernel takes most of a request's time, and that varies both ways.
/// </summary>
internal static class KestrelComparison
{
    private const int RequestsPerRound = PipelineCase.Distinct;
    private const int WarmUpRounds = 30; // the compiler's last word comes late

    /// <param name="isShort">Fewer rounds.</param>
    /// <param name="only">A part of the names of the cases to run; null for all.</param>
    public static Task<int> RunAsync(bool isShort, string? only) =>
        ComparisonTable.PrintAsync(only, (current, index) => MeasureAsync(ComparisonTable.Sides, current, index, isShort));

    /// <summary>What a request of a case costs each side.</summary>
    public static async Task<Dictionary<Side, Cost>> MeasureAsync(IEnumerable<Side> sides, PipelineCase current, int index, bool isShort)
    {
        var rounds = isShort ? 40 : 120;
        var servers = new Dictionary<Side, PipelineProcess>();
        try
        {
            foreach (var side in sides)
                servers[side] = await PipelineProcess.StartAsync(side, index);

            var costs = servers.Keys.ToDictionary(side => side, _ => new List<Cost>());
            for (var round = 0; round < WarmUpRounds + rounds; round++)
            {
                foreach (var (side, server) in servers)
                    costs[side].Add(await server.MeasureAsync(RequestsPerRound, forget: current.IsAlwaysNew));
            }

            return costs.ToDictionary(side => side.Key, side => Cost.Median(side.Value[WarmUpRounds..]));
        }
        finally
        {
            foreach (var server in servers.Values)
                await server.DisposeAsync();
        }
    }
}
