using System.Diagnostics;
using System.Globalization;

namespace JwksAuth.Benchmarks;

/// <summary>A server process and the load on it.</summary>
internal sealed class PipelineProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _port;
    private readonly string _path;
    private readonly int _status;
    private readonly string _tokens;

    private PipelineProcess(Process process, string port, string path, int status, string tokens)
    {
        _process = process;
        _port = port;
        _path = path;
        _status = status;
        _tokens = tokens;
    }

    public static async Task<PipelineProcess> StartAsync(Side side, int caseIndex)
    {
        var tokens = Path.GetTempFileName();
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["serve", side.ToString(), Text(caseIndex), tokens])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["DOTNET_PROCESSOR_COUNT"] = "1" },
        };
        var process = Pin(Process.Start(start)!, 0);
        var port = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The server did not start.");
        return new PipelineProcess(process, port, PipelineCase.All[caseIndex].Path, PipelineCase.All[caseIndex].StatusOf(side), tokens);
    }

    /// <summary>What a request costs the server, on average.</summary>
    public async Task<Cost> MeasureAsync(int requests, bool forget)
    {
        var before = await ReadUsageAsync(forget ? PipelineServer.Forget : "");
        using var load = Pin(Process.Start(Environment.ProcessPath!, ["load", _port, _path, Text(_status), Text(requests), _tokens]), 1);
        await load.WaitForExitAsync();
        if (load.ExitCode != 0)
            throw new InvalidOperationException("The load generator failed.");

        var after = await ReadUsageAsync("");
        return new Cost(TimeSpan.FromTicks(after.Ticks - before.Ticks).TotalMicroseconds / requests, (after.Bytes - before.Bytes) / (double)requests);
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        File.Delete(_tokens);
    }

    // A server with its own core, and one thread in its pool, spends no time looking for work.
    private static Process Pin(Process process, int core)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsWindows())
            return process;

        using var current = Process.GetCurrentProcess();
        var usable = current.ProcessorAffinity;
        var cores = Enumerable.Range(0, 64).Select(bit => (nint)(1L << bit)).Where(bit => (usable & bit) != 0).ToArray();
        if (cores.Length > core)
            process.ProcessorAffinity = cores[core];
        return process;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task<(long Ticks, long Bytes)> ReadUsageAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        var answer = await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The server has ended.");
        var parts = answer.Split(' ');
        return (long.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture));
    }
}

/// <summary>What a request costs.</summary>
internal readonly record struct Cost(double Microseconds, double Bytes)
{
    public static Cost Unknown { get; } = new(double.MaxValue, double.MaxValue);

    public static Cost Median(List<Cost> costs) =>
        new(Median(costs, cost => cost.Microseconds), Median(costs, cost => cost.Bytes));

    private static double Median(List<Cost> costs, Func<Cost, double> selector) => costs.Select(selector).Order().ElementAt(costs.Count / 2);

    public Cost Least(Cost other) => new(Math.Min(Microseconds, other.Microseconds), Math.Min(Bytes, other.Bytes));
}
