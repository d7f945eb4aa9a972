namespace JwksAuth.Issuer.SigningKeys.Storage;

/// <summary>Writes files that are there as a whole or not at all, and for their owner alone.</summary>
internal static class AtomicFile
{
    /// <summary>Ends the names of files that are being written: one that is left over may be deleted.</summary>
    public const string TemporaryExtension = ".jwks-tmp";

    /// <exception cref="IOException">It cannot be written, and is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static async Task WriteAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        var temporary = $"{path}.{Path.GetRandomFileName()}{TemporaryExtension}";
        try
        {
            await using (var file = new FileStream(temporary, OptionsForOwner(FileMode.CreateNew, FileAccess.Write)))
            {
                await file.WriteAsync(content, cancellationToken);
                file.Flush(flushToDisk: true); // a rename that reaches the disk before the content would show an empty file after a power cut
            }

            File.Move(temporary, path, overwrite: true);
            FolderFlush.ToDisk(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>How to open a file that nobody else opens meanwhile, and that is its owner's alone if it is new.</summary>
    public static FileStreamOptions OptionsForOwner(FileMode mode, FileAccess access)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = FileShare.None, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; // Windows inherits the access list of the folder
        return options;
    }
}
