using System.Diagnostics;
using System.Globalization;

namespace JwksAuth.Benchmarks;

/// <summary>
/// The whole pipeline without a socket: the time of the code alone. Each side runs in its own processes, one after the other, and the fastest
/// counts: other work of the machine can only add time.
/// </summary>
internal static class PipelineComparison
{
    /// <param name="isShort">Shorter runs, and fewer of them.</param>
    /// <param name="only">A part of the names of the cases to run; null for all.</param>
    public static Task<int> RunAsync(bool isShort, string? only) => ComparisonTable.PrintAsync(only, (_, index) => MeasureAsync(index, isShort));

    private static async Task<Dictionary<Side, Cost>> MeasureAsync(int caseIndex, bool isShort)
    {
        var best = ComparisonTable.Sides.ToDictionary(side => side, _ => Cost.Unknown);
        for (var run = 0; run < (isShort ? 1 : 2); run++)
        {
            foreach (var side in best.Keys)
                best[side] = best[side].Least(await MeasureAsync(side, caseIndex, isShort ? 2 : 6));
        }

        return best;
    }

    private static async Task<Cost> MeasureAsync(Side side, int caseIndex, int seconds)
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath!, ["loop", side.ToString(), caseIndex.ToString(CultureInfo.InvariantCulture), seconds.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var answer = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (answer.Split(' ') is not [var microseconds, var bytes] || process.ExitCode != 0)
            throw new InvalidOperationException("A side could not be measured.");
        return new Cost(double.Parse(microseconds, CultureInfo.InvariantCulture), double.Parse(bytes, CultureInfo.InvariantCulture));
    }
}
