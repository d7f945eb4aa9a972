using System.Diagnostics;

namespace JwksAuth.Mutation;

/// <summary>A worker in a separate process, which can be killed when a mutant makes it hang or crash.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;

    /// <param name="folder">The folder of the built, mutated tests.</param>
    public WorkerProcess(string folder)
    {
        var program = Path.Combine(folder, "JwksAuth.Mutation.dll");
        File.Copy(typeof(WorkerProcess).Assembly.Location, program, true);
        var tests = Path.Combine(folder, "JwksAuth.Tests");
        string[] arguments = ["exec", "--depsfile", $"{tests}.deps.json", "--runtimeconfig", $"{tests}.runtimeconfig.json", program, "worker", $"{tests}.dll"];
        _process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.BeginErrorReadLine();
    }

    /// <summary>The lines of the answer up to the one that <paramref name="isLast"/> recognizes; null if the worker stopped answering or exited.</summary>
    public async Task<IReadOnlyList<string>?> AskAsync(string command, Func<string, bool> isLast, TimeSpan patience)
    {
        var lines = new List<string>();
        try
        {
            await _process.StandardInput.WriteLineAsync(command);
            await _process.StandardInput.FlushAsync();
            do
            {
                using var timeout = new CancellationTokenSource(patience, TimeProvider.System);
                if (await _process.StandardOutput.ReadLineAsync(timeout.Token) is not { } line)
                    return null;
                lines.Add(line);
            }
            while (!isLast(lines[^1]));
            return lines;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        _process.Kill(true);
        _process.Dispose();
    }
}
