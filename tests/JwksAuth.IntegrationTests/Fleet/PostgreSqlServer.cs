using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace JwksAuth.IntegrationTests.Fleet;

/// <summary>
/// A PostgreSQL cluster of its own, in a temporary folder, on a free port of 127.0.0.1. Nothing of it is left when it is disposed. Null where
/// PostgreSQL is not installed.
/// </summary>
internal sealed class PostgreSqlServer : IAsyncDisposable
{
    private readonly string _folder;
    private readonly string _programs;
    private readonly int _port;
    private Process? _server;

    private PostgreSqlServer(string folder, string programs, int port)
    {
        _folder = folder;
        _programs = programs;
        _port = port;
    }

    public string ConnectionString => $"Host=127.0.0.1;Port={_port};Database=postgres;Username=replica";

    public static async Task<PostgreSqlServer?> StartAsync()
    {
        if (FindPrograms() is not { } programs)
            return null;

        var folder = Directory.CreateTempSubdirectory("jwksauth-postgresql-").FullName;
        var server = new PostgreSqlServer(folder, programs, FreePort());
        if (Environment.IsPrivilegedProcess)
            await RunAsync("chown", "postgres", folder);
        using (var creation = server.Start("initdb", "-D", server.Data, "-U", "replica", "--auth=trust", "--no-sync", "-E", "UTF8"))
        {
            await creation.WaitForExitAsync();
            if (creation.ExitCode != 0)
                throw new InvalidOperationException("initdb failed.");
        }

        await server.StartServerAsync();
        return server;
    }

    /// <summary>Starts the server on its data, and completes when it takes connections.</summary>
    public async Task StartServerAsync()
    {
        _server = Start("postgres", "-D", Data, "-p", $"{_port}", "-h", "127.0.0.1", "-k", _folder, "-F");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            using var probe = Start("pg_isready", "-h", "127.0.0.1", "-p", $"{_port}", "-q");
            await probe.WaitForExitAsync(patience.Token);
            if (probe.ExitCode == 0)
                return;
            if (_server.HasExited)
                throw new InvalidOperationException("The server ended while it started.");
            await Task.Delay(TimeSpan.FromMilliseconds(100), patience.Token);
        }
    }

    /// <summary>Ends the server at once, breaking all connections.</summary>
    public async Task StopServerAsync()
    {
        if (_server is not { } server)
            return;
        await SignalAsync("QUIT");
        await server.WaitForExitAsync();
        server.Dispose();
        _server = null;
    }

    /// <summary>Freezes every process of the server: connections stay open, and nothing answers.</summary>
    public Task FreezeAsync() => SignalAllAsync("STOP");

    public Task ThawAsync() => SignalAllAsync("CONT");

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await ThawAsync();
            await StopServerAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private string Data => Path.Combine(_folder, "data");

    private string ProcessId => File.ReadLines(Path.Combine(Data, "postmaster.pid")).First();

    private Task SignalAsync(string signal) => RunAsync("kill", $"-{signal}", ProcessId);

    private async Task SignalAllAsync(string signal)
    {
        var server = ProcessId;
        await RunAsync("sh", "-c", $"kill -{signal} {server} $(ps -o pid= --ppid {server})");
    }

    // The server refuses to run as root: Debian's package brings a user for it.
    private Process Start(string program, params string[] arguments)
    {
        var path = Path.Combine(_programs, program);
        var start = Environment.IsPrivilegedProcess
            ? new ProcessStartInfo("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", path, .. arguments])
            : new ProcessStartInfo(path, arguments);
        start.WorkingDirectory = _folder;
        start.RedirectStandardError = true;
        start.RedirectStandardOutput = true;
        var process = Process.Start(start)!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return process;
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
    }

    private static string? FindPrograms() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).FirstOrDefault(Directory.Exists)
        : null;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
