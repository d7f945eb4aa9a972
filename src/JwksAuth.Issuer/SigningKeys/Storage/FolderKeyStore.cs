using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace JwksAuth.Issuer.SigningKeys.Storage;

/// <summary>
/// Keys in a folder: a PEM file for each key, and a manifest that says which count. The manifest is replaced in one step after the key files are
/// on the disk and before old ones are deleted, so a process that dies at any moment leaves the keys of before or those of after.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="onOpenToOthers">Told once of each path that other users of the machine can change, or read if it holds a key; null tells nobody.</param>
internal sealed class FolderKeyStore(string folder, Action<string, UnixFileMode>? onOpenToOthers = null) : IJwksKeyStore
{
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const UnixFileMode ReadableByOthers = UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const string ManifestName = "keys.json";

    private readonly string _folder = Path.GetFullPath(folder);
    private readonly ConcurrentDictionary<string, bool> _openToOthers = new(StringComparer.Ordinal);
    private volatile Snapshot? _last;

    /// <summary>Whether there is a store in the folder.</summary>
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
                WarnOfModes(manifest);
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
        var entries = keys.Keys.Select(key => (Key: key, Entry: ManifestKey.Of(key, key.Pem is null ? null : known.GetValueOrDefault(key.KeyId) ?? ManifestKey.NewFileName()))).ToList();
        var made = entries.Where(entry => entry.Entry.File is { } file && !known.ContainsValue(file)).ToList();

        // A writer that dies after this leaves key files that a manifest has named, so that the next one knows whose they are.
        if (made.Count > 0)
            await WriteAsync(before with { Dropped = [.. before.Dropped ?? [], .. made.Select(entry => entry.Entry.File!)] }, cancellationToken);
        foreach (var (key, entry) in made)
            await AtomicFile.WriteAsync(Path.Combine(_folder, entry.File!), Encoding.UTF8.GetBytes(key.Pem!), cancellationToken);

        var named = entries.Select(entry => entry.Entry.File).ToHashSet(StringComparer.Ordinal);
        string[] dropped = [.. known.Values.Concat(before.Dropped ?? []).OfType<string>().Distinct(StringComparer.Ordinal)
            .Where(file => ManifestKey.IsOwnFileName(file) && !named.Contains(file) && File.Exists(Path.Combine(_folder, file)))];
        await WriteAsync(Manifest.Of(keys, [.. entries.Select(entry => entry.Entry)]) with { Dropped = dropped.Length > 0 ? dropped : null }, cancellationToken);
        Delete(dropped);
    }

    private Task WriteAsync(Manifest manifest, CancellationToken cancellationToken) => AtomicFile.WriteAsync(ManifestPath, manifest.Write(), cancellationToken);

    // Nothing but files of this store: keys that a manifest named, and what a writer that died was writing. Whoever holds the lock is the only writer.
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
            // The new manifest is in force, and names what is still to be deleted: the next change tries again.
        }
    }

    private static bool IsOwnTemporary(string name) =>
        name.StartsWith(ManifestName + ".", StringComparison.Ordinal) || ManifestKey.IsOwnFileName(string.Join('.', name.Split('.').Take(2)));

    // Who can replace the manifest or a key file signs as the issuer.
    private void WarnOfModes(Manifest manifest)
    {
        if (OperatingSystem.IsWindows() || onOpenToOthers is null)
            return; // access there is a matter of lists, which have no such short answer
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
            return null; // a writer has deleted it meanwhile, or there is none yet
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
