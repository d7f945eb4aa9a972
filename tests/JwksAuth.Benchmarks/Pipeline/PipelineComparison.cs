using System.Diagnostics;
using System.Globalization;

namespace JwksAuth.Benchmarks;

/// <summary>
/// The whole pipeline without a socket: the time of the code alone. Each side runs in processes of its own, one after the other, and the least of
/// them counts: whatever else the machine does only ever adds.
/// </summary>
internal static class PipelineComparison
{
    /// <param name="isShort">Shorter runs, and fewer of them.</param>
    /// <param name="only">A part of the names of the cases to run; null for all.</param>
    public static async Task<int> RunAsync(bool isShort, string? only)
    {
        Console.WriteLine(ComparisonTable.Head);
        for (var index = 0; index < PipelineCase.All.Count; index++)
        {
            var current = PipelineCase.All[index];
            if (only is not null && !current.Name.Contains(only, StringComparison.Ordinal))
                continue;

            var best = Enum.GetValues<Side>().ToDictionary(side => side, _ => Cost.Unknown);
            for (var run = 0; run < (isShort ? 1 : 2); run++)
            {
                foreach (var side in best.Keys)
                    best[side] = best[side].Least(await MeasureAsync(side, index, isShort ? 2 : 6));
            }

            Console.WriteLine(ComparisonTable.Row(current.Name, best));
        }

        return 0;
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
