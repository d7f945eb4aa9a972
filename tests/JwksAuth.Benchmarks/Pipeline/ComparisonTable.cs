using System.Globalization;

namespace JwksAuth.Benchmarks;

/// <summary>What each side costs, and what ours adds to the open endpoint as a ratio to what stock adds.</summary>
internal static class ComparisonTable
{
    public const string Head = """
        | case | open µs | nothing µs | stock µs | ours µs | time added, ours : stock | rate, ours : stock | bytes added: nothing, ours, stock | bytes added, ours : stock |
        |---|---|---|---|---|---|---|---|---|
        """;

    public static string Row(string name, IReadOnlyDictionary<Side, Cost> costs)
    {
        var (open, stock, ours) = (costs[Side.Open], costs[Side.Stock], costs[Side.Jwks]);
        var (oursAdded, stockAdded) = (ours.Bytes - open.Bytes, stock.Bytes - open.Bytes);
        return string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {open.Microseconds:F1} | {costs[Side.Nothing].Microseconds:F1} | {stock.Microseconds:F1} | {ours.Microseconds:F1} | {(ours.Microseconds - open.Microseconds) / (stock.Microseconds - open.Microseconds):F3} | {stock.Microseconds / ours.Microseconds:F1} | {costs[Side.Nothing].Bytes - open.Bytes:F0}, {oursAdded:F0}, {stockAdded:F0} | {oursAdded / stockAdded:F3} |");
    }
}
