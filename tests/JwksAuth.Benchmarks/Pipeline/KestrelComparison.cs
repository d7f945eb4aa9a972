namespace JwksAuth.Benchmarks;

/// <summary>
/// The whole pipeline on Kestrel over loopback: CPU time and bytes per request of each side, and what ours adds over the open endpoint as a
/// ratio to what stock adds. The sides take turns, so that a slow minute of the machine does not fall on one of them alone, and the least of
/// several rounds counts: whatever else the machine does only ever adds.
/// </summary>
internal static class KestrelComparison
{
    private const int WarmUpRounds = 12; // the compiler's last word comes late

    /// <param name="isShort">Fewer rounds of fewer requests.</param>
    /// <param name="only">A part of the names of the cases to run; null for all.</param>
    public static Task<int> RunAsync(bool isShort, string? only) =>
        ComparisonTable.PrintAsync(only, (current, index) => MeasureAsync(current, index, isShort));

    private static async Task<Dictionary<Side, Cost>> MeasureAsync(PipelineCase current, int index, bool isShort)
    {
        var servers = new Dictionary<Side, PipelineProcess>();
        try
        {
            foreach (var side in Enum.GetValues<Side>())
                servers[side] = await PipelineProcess.StartAsync(side, index);

            var best = servers.Keys.ToDictionary(side => side, _ => Cost.Unknown);
            var requests = current.IsAlwaysNew ? PipelineCase.Distinct : isShort ? 10_000 : 20_000;
            for (var round = -WarmUpRounds; round < (isShort ? 4 : 12); round++)
            {
                foreach (var (side, server) in servers)
                {
                    var cost = await server.MeasureAsync(requests, forget: current.IsAlwaysNew);
                    best[side] = round < 0 ? best[side] : best[side].Least(cost);
                }
            }

            return best;
        }
        finally
        {
            foreach (var server in servers.Values)
                await server.DisposeAsync();
        }
    }
}
