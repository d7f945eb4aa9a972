using System.Runtime.InteropServices;
using System.Text;

namespace JwksAuth.Issuer.SigningKeys.Storage;

/// <summary>
/// Brings the names in a folder to the disk. A rename is in force at once, and yet a power cut may undo it until then: a revoked key would be back. The
/// platform opens no folder for this, so the system is called.
/// </summary>
internal static class FolderFlush
{
    private const int ReadOnly = 0;

    /// <summary>Does what the file system can: some have nothing to flush, and say so.</summary>
    public static void ToDisk(string folder)
    {
        if (OperatingSystem.IsWindows())
            return; // the file system there writes names in the order of the changes

        var descriptor = Open([.. Encoding.UTF8.GetBytes(folder), 0], ReadOnly);
        if (descriptor < 0)
            return;
        _ = Synchronize(descriptor);
        _ = Close(descriptor);
    }

    [DllImport("libc", EntryPoint = "open")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Synchronize(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
