using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace JwksAuth.IntegrationTests.AuthorizationServer;

/// <summary>A running <c>node server.mjs</c>; it exits when its standard input closes, and therefore also when the test host dies.</summary>
internal sealed class NodeServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _errors = [];
    private readonly TaskCompletionSource<NodeServerAddresses> _announced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private NodeServer(string directory)
    {
        _process = new Process { StartInfo = Command("server.mjs", directory), EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => ReadAnnouncement(line.Data);
        _process.ErrorDataReceived += (_, line) => _errors.Enqueue(line.Data ?? string.Empty);
        _process.Exited += (_, _) => _announced.TrySetException(Failure("ended before it was ready"));
    }

    /// <summary>Null if <c>node</c> can be run, otherwise the reason why not.</summary>
    public static async Task<string?> FindUnavailableReasonAsync()
    {
        try
        {
            using var node = Process.Start(Command("--version", Path.GetTempPath()))!;
            await node.WaitForExitAsync();
            return node.ExitCode == 0 ? null : $"'node --version' ended with code {node.ExitCode}.";
        }
        catch (Win32Exception exception)
        {
            return $"Node.js is not installed: there is no authorization server to test with ({exception.Message}).";
        }
    }

    public static async Task<(NodeServer Server, NodeServerAddresses Addresses)> StartAsync(string directory)
    {
        var server = new NodeServer(directory);
        try
        {
            return (server, await server.StartAsync());
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(StopLimit);
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static ProcessStartInfo Command(string argument, string directory) => new("node", [argument])
    {
        WorkingDirectory = directory,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    private async Task<NodeServerAddresses> StartAsync()
    {
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        try
        {
            return await _announced.Task.WaitAsync(StartLimit);
        }
        catch (TimeoutException)
        {
            throw Failure($"was not ready within {StartLimit}");
        }
    }

    // The announcement is the one line of JSON; the provider's own notes are plain text.
    private void ReadAnnouncement(string? line)
    {
        if (line?.StartsWith('{') is true)
        {
            _announced.TrySetResult(JsonSerializer.Deserialize<NodeServerAddresses>(line, JsonSerializerOptions.Web)!);
        }
    }

    private InvalidOperationException Failure(string what) =>
        new($"The authorization server {what}:\n{string.Join('\n', _errors)}");
}
