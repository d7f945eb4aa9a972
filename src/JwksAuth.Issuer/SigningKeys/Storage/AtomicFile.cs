namespace JwksAuth.Issuer.SigningKeys.Storage;

/// <summary>Writes files atomically, readable only by their owner.</summary>
internal static class AtomicFile
{
    /// <summary>The extension of temporary files; leftovers may be deleted.</summary>
    public const string TemporaryExtension = ".jwks-tmp";

    /// <exception cref="IOException">The file cannot be written; it is unchanged.</exception>
    public static async Task WriteAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        var temporary = $"{path}.{Path.GetRandomFileName()}{TemporaryExtension}";
        try
        {
            await using (var file = new FileStream(temporary, OptionsForOwner(FileMode.CreateNew, FileAccess.Write)))
            {
                await file.WriteAsync(content, cancellationToken);
                file.Flush(flushToDisk: true); // otherwise the file may be empty after a power cut
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

    /// <summary>Options to open a file exclusively; a new file is accessible only to its owner.</summary>
    public static FileStreamOptions OptionsForOwner(FileMode mode, FileAccess access)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = FileShare.None, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; // Windows inherits the folder's access list
        return options;
    }
}
