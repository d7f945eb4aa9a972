using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace JwksAuth.Issuer.SigningKeys.Storage;

/// <summary>
/// Stores keys in a folder: a PEM file for each key, and a manifest that lists the valid ones. The manifest is replaced atomically after
/// new key files are on disk and before old ones are deleted, so that a crash leaves either the old keys or the new ones.
/// </summary>
/// <param name="onOpenToOthers">Called once for each path that others can change, or read if it holds a key; null for none.</param>
internal sealed class FolderKeyStore(string folder, Action<string, UnixFileMode>? onOpenToOthers = null) : IJwksKeyStore
{
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const UnixFileMode ReadableByOthers = UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const string ManifestName = "keys.json";

    private readonly string _folder = Path.GetFullPath(folder);
    private readonly ConcurrentDictionary<string, bool> _openToOthers = new(StringComparer.Ordinal);
    private volatile Snapshot? _last;

    public bool Exists => File.Exists(ManifestPath);

    private string ManifestPath => Path.Combine(_folder, ManifestName);

    public async Task<JwksStoredKeys> ReadAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return (await ReadSnapshotAsync(cancellationToken)).Keys;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new JwksKeyStoreException($"The key store '{_folder}' cannot be read: {exception.Message}", exception);
        }
    }

    public async Task<bool> TryReplaceAsync(JwksStoredKeys keys, CancellationToken cancellationToken = default)
    {
        try
        {
            CreateFolder();
            await using var held = await StoreLock.TakeAsync(_folder, cancellationToken);
            var before = await ReadSnapshotAsync(cancellationToken);
            if (before.Keys.Version != keys.Version)
                return false;

            await WriteAsync(keys with { Version = keys.Version + 1 }, before.Manifest, cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new JwksKeyStoreException(
                $"The key store '{_folder}' cannot be written; it is unchanged: {exception.Message}", exception);
        }
    }

    private async Task<Snapshot> ReadSnapshotAsync(CancellationToken cancellationToken)
    {
        var bytes = await ReadManifestAsync(cancellationToken);
        while (true)
        {
            if (_last is { } last && last.Bytes.AsSpan().SequenceEqual(bytes))
                return last;

            var manifest = Manifest.Read(bytes, ManifestPath);
            if (await ReadKeysAsync(manifest, cancellationToken) is { } keys)
            {
                var snapshot = new Snapshot(bytes, manifest, keys);
                WarnOfModes(manifest);
                if (keys.Keys.All(key => key.Pem is null || PemEncoding.TryFind(key.Pem, out _)))
                    _last = snapshot; // an unreadable key file is read again: it may be restored
                return snapshot;
            }

            // A key file is deleted only after the manifest that omits it is written, so there must be a newer manifest.
            var again = await ReadManifestAsync(cancellationToken);
            if (again.AsSpan().SequenceEqual(bytes))
                throw new JwksKeyStoreException(
                    $"The key store '{_folder}' lacks a key file that its manifest names: restore it from a backup.");
            bytes = again;
        }
    }

    private async Task<byte[]> ReadManifestAsync(CancellationToken cancellationToken)
    {
        try
        {
            var bytes = await File.ReadAllBytesAsync(ManifestPath, cancellationToken);
            return bytes.Length > 0
                ? bytes
                : throw new JwksKeyStoreException($"The manifest '{ManifestPath}' is empty: restore it from a backup.");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // A folder that is briefly unavailable must not look like a new one: its keys would be replaced.
            if (_last is { Keys.Version: > 0 })
                throw new JwksKeyStoreException(
                    $"The manifest '{ManifestPath}' has disappeared: make its folder available, or restore it from a backup.", exception);
            return [];
        }
    }

    private async Task<JwksStoredKeys?> ReadKeysAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        var keys = new List<JwksStoredKey>();
        foreach (var entry in manifest.Keys)
        {
            if (entry.File is null)
            {
                keys.Add(entry.ToKey(pem: null));
                continue;
            }

            try
            {
                keys.Add(entry.ToKey(await File.ReadAllTextAsync(Path.Combine(_folder, entry.File), cancellationToken)));
            }
            catch (FileNotFoundException)
            {
                return null;
            }
        }

        return manifest.ToKeys(keys);
    }

    private async Task WriteAsync(JwksStoredKeys keys, Manifest before, CancellationToken cancellationToken)
    {
        var known = before.Keys.ToDictionary(entry => entry.KeyId, entry => entry.File, StringComparer.Ordinal);
        var entries = keys.Keys.Select(key => (
            Key: key,
            Entry: ManifestKey.Of(key, key.Pem is null ? null : known.GetValueOrDefault(key.KeyId) ?? ManifestKey.NewFileName()))).ToList();
        var made = entries.Where(entry => entry.Entry.File is { } file && !known.ContainsValue(file)).ToList();

        // A writer that crashes after this leaves key files that a manifest names, so that the next writer can delete them.
        if (made.Count > 0)
            await WriteAsync(
                before with { Dropped = [.. before.Dropped ?? [], .. made.Select(entry => entry.Entry.File!)] }, cancellationToken);
        foreach (var (key, entry) in made)
            await AtomicFile.WriteAsync(Path.Combine(_folder, entry.File!), Encoding.UTF8.GetBytes(key.Pem!), cancellationToken);

        var named = entries.Select(entry => entry.Entry.File).ToHashSet(StringComparer.Ordinal);
        string[] dropped = [.. known.Values.Concat(before.Dropped ?? []).OfType<string>().Distinct(StringComparer.Ordinal)
            .Where(file => ManifestKey.IsOwnFileName(file) && !named.Contains(file) && File.Exists(Path.Combine(_folder, file)))];
        await WriteAsync(Manifest.Of(keys, [.. entries.Select(entry => entry.Entry)])
            with
        { Dropped = dropped.Length > 0 ? dropped : null }, cancellationToken);
        Delete(dropped);
    }

    private Task WriteAsync(Manifest manifest, CancellationToken cancellationToken) =>
        AtomicFile.WriteAsync(ManifestPath, manifest.Write(), cancellationToken);

    // Deletes only files of this store: keys that a manifest named, and temporary files. Only the holder of the lock writes.
    private void Delete(IEnumerable<string> dropped)
    {
        try
        {
            foreach (var name in dropped)
                File.Delete(Path.Combine(_folder, name));
            foreach (var path in Directory.EnumerateFiles(_folder, "*" + AtomicFile.TemporaryExtension))
            {
                if (IsOwnTemporary(Path.GetFileName(path)))
                    File.Delete(path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The new manifest is valid and lists the files to delete; the next change tries again.
        }
    }

    private static bool IsOwnTemporary(string name) =>
        name.StartsWith(ManifestName + ".", StringComparison.Ordinal)
            || ManifestKey.IsOwnFileName(string.Join('.', name.Split('.').Take(2)));

    // A user who can replace the manifest or a key file can sign as the issuer.
    private void WarnOfModes(Manifest manifest)
    {
        if (OperatingSystem.IsWindows() || onOpenToOthers is null)
            return; // Windows uses access lists, which have no such simple check
        Warn(_folder, WritableByOthers);
        Warn(ManifestPath, WritableByOthers);
        foreach (var entry in manifest.Keys.Where(entry => entry.File is not null))
            Warn(Path.Combine(_folder, entry.File!), WritableByOthers | ReadableByOthers);

        void Warn(string path, UnixFileMode tooMuch)
        {
            if (ModeOf(path) is { } mode && (mode & tooMuch) != 0 && _openToOthers.TryAdd(path, true))
                onOpenToOthers(path, mode);
        }
    }

    private static UnixFileMode? ModeOf(string path)
    {
        try
        {
            return OperatingSystem.IsWindows() ? null : File.GetUnixFileMode(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null; // deleted by a writer meanwhile, or not created yet
        }
    }

    private void CreateFolder()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(_folder);
        else
            Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>The last content read; the manifest's bytes tell whether it is current.</summary>
    private sealed record Snapshot(byte[] Bytes, Manifest Manifest, JwksStoredKeys Keys);
}
