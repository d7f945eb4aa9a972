using System.Globalization;

namespace JwksAuth.Benchmarks;

/// <summary>
/// How many requests a core serves with each library, on Kestrel over loopback, in one run. The load generator checks every status. Writes a row of
/// tab-separated values for each figure, which <c>docs/performance</c> keeps for each release.
/// </summary>
internal static class PeerComparison
{
    private const string Head = "case\tside\tthousand requests a second and core\tours : side\tKB a request";

    private static readonly Side[] Sides = [Side.Open, Side.IdentityWeb, Side.OpenIddict, Side.Stock, Side.Jwks];

    private static readonly string[] Cases = ["1,000 tokens in turn, RS256", "same token, ES256", "always new tokens, RS256", "bogus kid"];

    /// <param name="isShort">Fewer rounds.</param>
    /// <param name="only">A part of the names of the cases to run; null for all.</param>
    public static async Task<int> RunAsync(bool isShort, string? only)
    {
        Console.WriteLine(Head);
        foreach (var (index, current) in PipelineCase.All.Index())
        {
            if (!Cases.Contains(current.Name) || (only is not null && !current.Name.Contains(only, StringComparison.Ordinal)))
                continue;

            var costs = await KestrelComparison.MeasureAsync(Sides, current, index, isShort);
            foreach (var side in Sides)
                Console.WriteLine(Row(current.Name, side, costs[side], costs[Side.Jwks]));
        }

        return 0;
    }

    private static string Row(string name, Side side, Cost cost, Cost ours) => string.Create(
        CultureInfo.InvariantCulture, $"{name}\t{side}\t{1000 / cost.Microseconds:F1}\t{cost.Microseconds / ours.Microseconds:F2}\t{cost.Bytes / 1024:F1}");
}
