using System.Diagnostics;
using Npgsql;

namespace JwksAuth.IntegrationTests.Fleet;

/// <summary>
/// A separate PostgreSQL cluster in a temporary folder, on a socket in that folder. It is removed when it is disposed, or when this
/// process dies. Null if PostgreSQL is not installed.
/// </summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    private const string Stop = "stop";
    private const string Owner = "owner";

    // $1 programs, $2 folder. Stops the server when its standard input ends; if that ends without a line, nothing will start the server again.
    private const string Keeper = """
        "$1/postgres" -D "$2/data" -h '' -k "$2" -F </dev/null &
        server=$!
        read -r word
        kill -CONT $server
        kill -QUIT $server
        wait $server
        [ "$word" = stop ] || rm -rf "$2"
        """;

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);

    private readonly string _folder;
    private readonly string _programs;
    private Process? _keeper;

    private PostgreSqlServer(string folder, string programs)
    {
        _folder = folder;
        _programs = programs;
    }

    public string ConnectionString => ConnectionStringFor(Owner, "postgres");

    public static async Task<PostgreSqlServer?> StartAsync()
    {
        if (FindPrograms() is not { } programs)
            return null;

        var folder = Directory.CreateTempSubdirectory("jwksauth-postgresql-").FullName;
        var server = new PostgreSqlServer(folder, programs);
        if (Environment.IsPrivilegedProcess)
            await RunAsync(new ProcessStartInfo("chown", ["postgres", folder]));
        await RunAsync(server.Command(Path.Combine(programs, "initdb"), "-D", server.Data, "-U", Owner, "--auth=trust", "--no-sync", "-E", "UTF8"));
        await server.StartServerAsync();
        return server;
    }

    public string ConnectionStringFor(string role, string database) => $"Host={_folder};Database={database};Username={role}";

    /// <summary>Starts the server on its data, and completes when it accepts connections.</summary>
    public async Task StartServerAsync()
    {
        _keeper = Process.Start(Command("sh", "-c", Keeper, "keeper", _programs, _folder))!;
        _ = _keeper.StandardOutput.BaseStream.CopyToAsync(Stream.Null); // a full pipe would stop it
        _ = _keeper.StandardError.BaseStream.CopyToAsync(Stream.Null);
        var started = Stopwatch.GetTimestamp();
        while (!await IsReadyAsync())
        {
            if (_keeper.HasExited || Stopwatch.GetElapsedTime(started) > StartLimit)
                throw new InvalidOperationException("The server did not start.");
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }

    /// <summary>Stops the server at once, breaking all connections.</summary>
    public async Task StopServerAsync()
    {
        if (_keeper is not { } keeper)
            return;
        _keeper = null;
        await keeper.StandardInput.WriteLineAsync(Stop);
        await keeper.StandardInput.FlushAsync();
        await keeper.WaitForExitAsync();
        keeper.Dispose();
    }

    /// <summary>Freezes every process of the server: connections stay open, but get no response.</summary>
    public Task FreezeAsync() => SignalAllAsync("STOP");

    public Task ThawAsync() => SignalAllAsync("CONT");

    public Task ExecuteAsync(string statement, string database = "postgres") => QueryAsync(statement, database);

    /// <summary>The first value of the first row; null if there is none.</summary>
    public async Task<object?> QueryAsync(string statement, string database)
    {
        await using var connection = new NpgsqlConnection(ConnectionStringFor(Owner, database));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_keeper is not null)
            await ThawAsync();
        await StopServerAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string Data => Path.Combine(_folder, "data");

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    // The first line of this file is the process id of the server; its other processes are its children.
    private Task SignalAllAsync(string signal)
    {
        var server = File.ReadLines(Path.Combine(Data, "postmaster.pid")).First();
        return RunAsync(new ProcessStartInfo("sh", ["-c", $"kill -{signal} {server} && for child in $(ps -o pid= --ppid {server}); do kill -{signal} $child 2>/dev/null; done; true"]));
    }

    // The server refuses to run as root: Debian's package creates a user for it.
    private ProcessStartInfo Command(string program, params string[] arguments)
    {
        var start = Environment.IsPrivilegedProcess
            ? new ProcessStartInfo("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments])
            : new ProcessStartInfo(program, arguments);
        start.WorkingDirectory = _folder;
        start.RedirectStandardInput = true;
        start.RedirectStandardError = true;
        start.RedirectStandardOutput = true;
        return start;
    }

    private static async Task RunAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{start.FileName} failed.");
    }

    private static string? FindPrograms() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin"))
            .FirstOrDefault(programs => File.Exists(Path.Combine(programs, "initdb"))) // the client alone has a folder too
        : null;
}
