using System.Security;
using JwksAuth.Diagnostics;
using JwksAuth.OwnKeys.Material;
using Microsoft.Extensions.Logging;

namespace JwksAuth.OwnKeys.Ring;

/// <summary>Reads files with private keys, and warns of those that other users can read or change.</summary>
internal sealed class PrivateKeyFiles(ILogger logger)
{
    private const int MaximumBytes = 1024 * 1024;

    public PrivateKeyReading Read(string path, Func<byte[], PrivateKeyReading> read)
    {
        try
        {
            using var file = File.OpenHandle(path);
            WarnOfMode(path, file);
            var length = RandomAccess.GetLength(file);
            if (length > MaximumBytes)
                return "is too large to be a key";

            var bytes = new byte[length];
            var count = RandomAccess.Read(file, bytes, 0);
            return read(bytes[..count]);
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException or SecurityException)
        {
            return $"cannot be read ({exception.GetType().Name})";
        }
    }

    private void WarnOfMode(string path, Microsoft.Win32.SafeHandles.SafeFileHandle file)
    {
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if (OperatingSystem.IsWindows())
            return; // Windows uses access control lists
        var mode = File.GetUnixFileMode(file);
        if ((mode & others) != 0)
            logger.KeyFileReadable(path, mode);
    }
}
