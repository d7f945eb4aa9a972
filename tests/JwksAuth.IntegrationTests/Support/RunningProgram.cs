using System.Diagnostics;

namespace JwksAuth.IntegrationTests;

/// <summary>A program of this repository that serves until the test is over.</summary>
internal sealed class RunningProgram : IDisposable
{
    private readonly Process _process;

    private RunningProgram(Process process) => _process = process;

    /// <summary>Starts it and waits for a line of its output.</summary>
    /// <returns>The program, and what stands behind the marker in that line.</returns>
    public static async Task<(RunningProgram Program, string Address)> StartAsync(ProcessStartInfo start, string marker)
    {
        var program = new RunningProgram(Process.Start(start)!);
        var error = program._process.StandardError.ReadToEndAsync();
        while (await program._process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.IndexOf(marker, StringComparison.Ordinal) is var index and >= 0)
            {
                _ = program._process.StandardOutput.BaseStream.CopyToAsync(Stream.Null); // a full pipe would stop it
                return (program, line[(index + marker.Length)..].Trim());
            }
        }

        program.Dispose();
        throw new InvalidOperationException($"{start.ArgumentList[0]} ended: {await error}");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
