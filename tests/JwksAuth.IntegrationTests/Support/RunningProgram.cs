using System.Diagnostics;

namespace JwksAuth.IntegrationTests;

/// <summary>A program of this repository that runs until the test ends.</summary>
internal sealed class RunningProgram : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _error;

    private RunningProgram(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _error = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts it and waits for a line of its output.</summary>
    /// <returns>The program, and the text after the marker in that line.</returns>
    public static async Task<(RunningProgram Program, string Address)> StartAsync(ProcessStartInfo start, string marker)
    {
        var program = new RunningProgram(start);
        return (program, await program.ReadLastAsync(marker));
    }

    /// <summary>Starts a program that prints a line and then waits for <see cref="TellAsync"/>.</summary>
    public static async Task<RunningProgram> PrepareAsync(ProcessStartInfo start, string marker)
    {
        var program = new RunningProgram(start);
        await program.ReadAsync(marker);
        return program;
    }

    /// <summary>Writes a line to its input and waits for a line of its output.</summary>
    /// <returns>The text after the marker in that line.</returns>
    public async Task<string> TellAsync(string line, string marker)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
        return await ReadLastAsync(marker);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private async Task<string> ReadLastAsync(string marker)
    {
        var rest = await ReadAsync(marker);
        _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null); // a full pipe would stop it
        return rest;
    }

    private async Task<string> ReadAsync(string marker)
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.IndexOf(marker, StringComparison.Ordinal) is var index and >= 0)
                return line[(index + marker.Length)..].Trim();
        }

        Dispose();
        throw new InvalidOperationException($"{_process.StartInfo.ArgumentList[0]} ended: {await _error}");
    }
}
