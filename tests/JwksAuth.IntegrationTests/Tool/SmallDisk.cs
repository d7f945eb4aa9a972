using System.Diagnostics;

namespace JwksAuth.IntegrationTests.Tool;

/// <summary>A file system of 256 KiB in memory, which can be full and read-only.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <summary>Mounts one; null if that is not allowed.</summary>
    public static SmallDisk? TryMount(string path)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        Directory.CreateDirectory(path);
        return Run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", path) ? new SmallDisk(path) : null;
    }

    public void Fill()
    {
        try
        {
            using var file = File.Create(Ballast, bufferSize: 0);
            while (true)
                file.WriteByte(0);
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    public void Free() => File.Delete(Ballast);

    public void MakeReadOnly() => Assert.True(Run("mount", "-o", "remount,ro", Path));

    public void Dispose() => Run("umount", Path);

    private static bool Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
