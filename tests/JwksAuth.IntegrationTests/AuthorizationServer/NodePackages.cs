using System.Diagnostics;

namespace JwksAuth.IntegrationTests.AuthorizationServer;

/// <summary>Installs the npm packages of a folder exactly as its lock file lists them, once for all test processes.</summary>
internal static class NodePackages
{
    private static readonly TimeSpan InstallationLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LockPollingInterval = TimeSpan.FromMilliseconds(100);

    public static async Task EnsureInstalledAsync(string directory)
    {
        using var limit = new CancellationTokenSource(InstallationLimit);
        await using var installationLock = await AcquireLockAsync(Path.Combine(directory, ".install.lock"), limit.Token);
        if (!IsInstalled(directory))
        {
            await InstallAsync(directory, limit.Token);
        }
    }

    // npm writes node_modules/.package-lock.json last: an interrupted installation has none.
    private static bool IsInstalled(string directory)
    {
        var wanted = new FileInfo(Path.Combine(directory, "package-lock.json"));
        var installed = new FileInfo(Path.Combine(directory, "node_modules", ".package-lock.json"));
        return installed.Exists && installed.LastWriteTimeUtc >= wanted.LastWriteTimeUtc;
    }

    private static async Task<FileStream> AcquireLockAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(LockPollingInterval, cancellationToken);
            }
        }
    }

    private static async Task InstallAsync(string directory, CancellationToken cancellationToken)
    {
        using var npm = Process.Start(InstallCommand(directory))!;
        npm.StandardInput.Close();
        var output = npm.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = npm.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await npm.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            npm.Kill(entireProcessTree: true);
            throw new TimeoutException($"npm ci in {directory} did not end within {InstallationLimit}.");
        }

        if (npm.ExitCode != 0)
        {
            throw new InvalidOperationException($"npm ci in {directory} failed:\n{await output}\n{await errors}");
        }
    }

    private static ProcessStartInfo InstallCommand(string directory)
    {
        var command = OperatingSystem.IsWindows()
            ? new ProcessStartInfo("cmd.exe", ["/c", "npm", "ci"])
            : new ProcessStartInfo("npm", ["ci"]);
        command.WorkingDirectory = directory;
        command.RedirectStandardInput = true;
        command.RedirectStandardOutput = true;
        command.RedirectStandardError = true;
        return command;
    }
}
