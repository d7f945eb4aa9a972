using System.Security.Cryptography;
using System.Text;

namespace JwksAuth.Publishing;

/// <summary>
/// Keys in a folder: a PEM file for each key, and a manifest that says which count. The manifest is replaced in one step after the key files are
/// on the disk and before old ones are deleted, so a process that dies at any moment leaves the keys of before or those of after.
/// </summary>
internal sealed class FolderKeyStore(string folder) : IJwksKeyStore
{
    private const string ManifestName = "keys.json";

    private readonly string _folder = Path.GetFullPath(folder);
    private volatile Snapshot? _last;

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
            throw new JwksKeyStoreException($"The key store '{_folder}' cannot be written and is as it was: {exception.Message}", exception);
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
                if (keys.Keys.All(key => key.Pem is null || PemEncoding.TryFind(key.Pem, out _)))
                    _last = snapshot; // a key file that holds no key is read again: it may be restored
                return snapshot;
            }

            // A key file is deleted only after a manifest that does not name it: there must be another one by now.
            var again = await ReadManifestAsync(cancellationToken);
            if (again.AsSpan().SequenceEqual(bytes))
                throw new JwksKeyStoreException($"The key store '{_folder}' lacks a key file that its manifest names: restore it from a backup.");
            bytes = again;
        }
    }

    private async Task<byte[]> ReadManifestAsync(CancellationToken cancellationToken)
    {
        try
        {
            var bytes = await File.ReadAllBytesAsync(ManifestPath, cancellationToken);
            return bytes.Length > 0 ? bytes : throw new JwksKeyStoreException($"The manifest '{ManifestPath}' is empty: restore it from a backup.");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // A folder that is out of reach for a moment must not pass for a new one: its keys would be replaced.
            if (_last is { Keys.Version: > 0 })
                throw new JwksKeyStoreException($"The manifest '{ManifestPath}' was there and is gone: bring its folder back, or restore it from a backup.", exception);
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
        var entries = new List<ManifestKey>();
        foreach (var key in keys.Keys)
        {
            var file = key.Pem is null ? null : known.GetValueOrDefault(key.KeyId) ?? ManifestKey.NewFileName();
            if (file is not null && !known.ContainsValue(file))
                await AtomicFile.WriteAsync(Path.Combine(_folder, file), Encoding.UTF8.GetBytes(key.Pem!), cancellationToken);
            entries.Add(ManifestKey.Of(key, file));
        }

        var manifest = Manifest.Of(keys, entries);
        await AtomicFile.WriteAsync(ManifestPath, manifest.Write(), cancellationToken);
        DeleteAllBut(entries.Select(entry => entry.File).OfType<string>().ToHashSet(StringComparer.Ordinal));
    }

    // What writers that died left behind goes as well: whoever holds the lock is the only writer. Files of others stay.
    private void DeleteAllBut(HashSet<string> named)
    {
        try
        {
            foreach (var path in Directory.EnumerateFiles(_folder))
            {
                var name = Path.GetFileName(path);
                if (ManifestKey.IsOwnFileName(name.Split('.')[0]) && !named.Contains(name) || name.StartsWith(ManifestName + ".", StringComparison.Ordinal))
                    File.Delete(path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The new manifest is in force: the next change tries again.
        }
    }

    private void CreateFolder()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(_folder);
        else
            Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>What was read last, to be known again by the bytes of its manifest.</summary>
    private sealed record Snapshot(byte[] Bytes, Manifest Manifest, JwksStoredKeys Keys);
}
