using System.Globalization;

namespace JwksAuth.Benchmarks;

/// <summary>What each side costs, and what ours adds to the open endpoint as a ratio to what stock adds.</summary>
internal static class ComparisonTable
{
    private const string Head = """
        | case | open µs | nothing µs | stock µs | ours µs | time added, ours : stock | rate, ours : stock | bytes added: nothing, ours, stock | bytes added, ours : stock |
        |---|---|---|---|---|---|---|---|---|
        """;

    public static IReadOnlyList<Side> Sides { get; } = [Side.Open, Side.Nothing, Side.Stock, Side.Jwks];

    /// <summary>Measures one case after the other, and prints a row for each.</summary>
    /// <param name="only">A part of the names of the cases to run; null for all.</param>
    /// <param name="measure">Measures the case of an index.</param>
    public static async Task<int> PrintAsync(string? only, Func<PipelineCase, int, Task<Dictionary<Side, Cost>>> measure)
    {
        Console.WriteLine(Head);
        foreach (var (index, current) in PipelineCase.All.Index())
        {
            if (only is null || current.Name.Contains(only, StringComparison.Ordinal))
                Console.WriteLine(Row(current.Name, await measure(current, index)));
        }

        return 0;
    }

    private static string Row(string name, Dictionary<Side, Cost> costs)
    {
        var (open, stock, ours) = (costs[Side.Open], costs[Side.Stock], costs[Side.Jwks]);
        var (oursAdded, stockAdded) = (ours.Bytes - open.Bytes, stock.Bytes - open.Bytes);
        return string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {open.Microseconds:F1} | {costs[Side.Nothing].Microseconds:F1} | {stock.Microseconds:F1} | {ours.Microseconds:F1} | {(ours.Microseconds - open.Microseconds) / (stock.Microseconds - open.Microseconds):F3} | {stock.Microseconds / ours.Microseconds:F1} | {costs[Side.Nothing].Bytes - open.Bytes:F0}, {oursAdded:F0}, {stockAdded:F0} | {oursAdded / stockAdded:F3} |");
    }
}
