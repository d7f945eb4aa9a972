using System.Runtime.Versioning;
using JwksAuth.Issuer.SigningKeys.LifeCycle;
using JwksAuth.Issuer.SigningKeys.Storage;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Issuer.SigningKeys.Storage;

/// <summary>Signing keys in a folder.</summary>
public sealed class FolderKeyStoreTests : IDisposable
{
    private readonly FakeClock _clock = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jwksauth-store-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_missing_folder_is_an_empty_store() =>
        Assert.Empty((await new FolderKeyStore(Path.Combine(_folder.FullName, "none")).ReadAsync()).Keys);

    [Fact]
    public async Task Another_reader_gets_the_keys_that_were_stored()
    {
        var key = Create("one / with ☃");
        Assert.True(await Store().TryReplaceAsync(JwksStoredKeys.Empty with { Keys = [key], TokenLifetime = TimeSpan.FromMinutes(7) }));

        var read = await Store().ReadAsync();

        Assert.Equal(key, Assert.Single(read.Keys));
        Assert.Equal(1, read.Version);
        Assert.Equal(TimeSpan.FromMinutes(7), read.TokenLifetime);
    }

    [Fact]
    public async Task An_unchanged_store_returns_the_same_object()
    {
        var store = Store();
        await store.TryReplaceAsync(JwksStoredKeys.Empty with { Keys = [Create("one")] });

        Assert.Same(await store.ReadAsync(), await store.ReadAsync());
    }

    [Fact]
    public async Task A_change_to_an_outdated_version_is_not_stored()
    {
        await Store().TryReplaceAsync(JwksStoredKeys.Empty with { Keys = [Create("one")] });

        Assert.False(await Store().TryReplaceAsync(JwksStoredKeys.Empty with { Keys = [Create("two")] }));
        Assert.Equal("one", Assert.Single((await Store().ReadAsync()).Keys).KeyId);
    }

    [SkippableFact]
    public async Task Files_are_readable_only_for_their_owner()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has access lists in place of modes.");
        await Store().TryReplaceAsync(JwksStoredKeys.Empty with { Keys = [Create("one")] });

        foreach (var name in new[] { "*.pem", "keys.json", "keys.lock" })
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Assert.Single(_folder.GetFiles(name)).UnixFileMode);
    }

    [Fact]
    public async Task Revoking_a_key_deletes_its_file_and_the_leftovers_of_dead_writers()
    {
        var key = Create("one");
        await Store().TryReplaceAsync(JwksStoredKeys.Empty with { Keys = [key] });
        foreach (var name in (string[])["keys.json.abcd.efg.jwks-tmp", $"{ManifestKey.NewFileName()}.abcd.efg.jwks-tmp"])
            await File.WriteAllTextAsync(PathOf(name), "{");

        await RevokeAsync(key);

        Assert.Equal(["keys.json", "keys.lock"], FileNames());
        Assert.Equal(JwksSigningKeyState.Revoked, Assert.Single((await Store().ReadAsync()).Keys).State);
    }

    [Fact]
    public async Task A_change_deletes_the_key_file_of_a_writer_that_died_before_it_wrote_the_manifest()
    {
        await Store().TryReplaceAsync(JwksStoredKeys.Empty with { Keys = [Create("one")] });
        var before = await Store().ReadAsync();
        var manifest = await File.ReadAllBytesAsync(PathOf("keys.json"));
        await Store().TryReplaceAsync(before with { Keys = [.. before.Keys, Create("two")] });

        // The state that the writer leaves: the second key is written, and the old manifest names the file.
        var two = Assert.Single(_folder.GetFiles("*.pem"), file => !System.Text.Encoding.UTF8.GetString(manifest).Contains(file.Name, StringComparison.Ordinal)).Name;
        await File.WriteAllTextAsync(PathOf("keys.json"), System.Text.Encoding.UTF8.GetString(manifest).TrimEnd().TrimEnd('}') + $", \"dropped\": [\"{two}\"] }}");
        Assert.Equal("one", Assert.Single((await Store().ReadAsync()).Keys).KeyId);
        await Store().TryReplaceAsync(await Store().ReadAsync());

        Assert.DoesNotContain(two, FileNames());
        Assert.Single(_folder.GetFiles("*.pem"));
    }

    [Fact]
    public async Task A_change_keeps_files_that_are_not_of_the_store()
    {
        var key = Create("one");
        await Store().TryReplaceAsync(JwksStoredKeys.Empty with { Keys = [key] });
        string[] others =
        [
            "d41d8cd98f00b204e9800998ecf8427e.jpg", "d41d8cd98f00b204e9800998ecf8427e", "d41d8cd98f00b204e9800998ecf8427e.pem", "d41d8cd98f00b204e9800998ecf8427e.pem.bak",
            "keys.json.bak", "keys.json.half", "keys.json~", "other.pem", "client.json.abcd.efg.jwks-tmp",
        ];
        foreach (var name in others)
            await File.WriteAllTextAsync(PathOf(name), "of somebody else");

        await RevokeAsync(key);
        await Store().TryReplaceAsync((await Store().ReadAsync()) with { Keys = [] });

        Assert.Equal(others.Append("keys.json").Append("keys.lock").Order(StringComparer.Ordinal), FileNames());
    }

    [Fact]
    public async Task A_manifest_that_was_edited_by_hand_deletes_no_file()
    {
        var key = Create("one");
        await Store().TryReplaceAsync(JwksStoredKeys.Empty with { Keys = [key] });
        var file = Assert.Single(_folder.GetFiles("*.pem"));
        var name = file.Name;
        file.MoveTo(PathOf("precious.pem"));
        var manifest = await File.ReadAllTextAsync(PathOf("keys.json"));
        manifest = manifest.Replace(name, "precious.pem", StringComparison.Ordinal);
        await File.WriteAllTextAsync(PathOf("keys.json"), manifest.TrimEnd().TrimEnd('}') + ", \"dropped\": [\"keys.lock\", \"../x.pem\"] }");

        await RevokeAsync(key);

        Assert.Equal(["keys.json", "keys.lock", "precious.pem"], FileNames());
    }

    [Fact]
    public async Task A_file_that_cannot_be_deleted_is_reported_until_it_is_deleted()
    {
        var key = Create("one");
        await Store().TryReplaceAsync(JwksStoredKeys.Empty with { Keys = [key] });
        var (file, pem) = (Assert.Single(_folder.GetFiles("*.pem")).FullName, key.Pem);
        await RevokeAsync(key);
        await File.WriteAllTextAsync(file, pem); // as if it had not been possible

        await Store().TryReplaceAsync(await Store().ReadAsync());
        Assert.False(File.Exists(file));
        await Store().TryReplaceAsync(await Store().ReadAsync());
        await File.WriteAllTextAsync(file, "of somebody else");
        await Store().TryReplaceAsync(await Store().ReadAsync());

        Assert.True(File.Exists(file));
    }

    [SkippableFact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_warning_names_once_what_others_can_change_or_read()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has access lists in place of modes.");
        await Store().TryReplaceAsync(JwksStoredKeys.Empty with { Keys = [Create("one")] });
        Assert.Empty(await WarningsAsync());

        var pem = Assert.Single(_folder.GetFiles("*.pem"));
        foreach (var (path, mode) in ((string, UnixFileMode)[])
            [(_folder.FullName, UnixFileMode.OtherWrite), (_folder.FullName, UnixFileMode.GroupWrite), (PathOf("keys.json"), UnixFileMode.OtherWrite), (pem.FullName, UnixFileMode.GroupRead), (pem.FullName, UnixFileMode.OtherWrite)])
        {
            var before = File.GetUnixFileMode(path);
            File.SetUnixFileMode(path, before | mode);
            Assert.Equal([$"{path} {before | mode}"], await WarningsAsync());
            File.SetUnixFileMode(path, before);
        }

        File.SetUnixFileMode(PathOf("keys.json"), File.GetUnixFileMode(PathOf("keys.json")) | UnixFileMode.OtherRead); // there is no secret in it
        Assert.Empty(await WarningsAsync());
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("{\"format\":1", "not readable JSON")]
    [InlineData("{\"format\":9,\"version\":1,\"maximumAge\":\"00:05:00\",\"tokenLifetime\":\"01:00:00\",\"keys\":[]}", "an unknown format")]
    [InlineData("{\"format\":1,\"version\":1,\"maximumAge\":\"00:05:00\",\"tokenLifetime\":\"01:00:00\",\"keys\":[{\"keyId\":\"a\",\"state\":\"Current\",\"algorithm\":\"ES256\",\"createdAt\":\"2030-01-01T00:00:00Z\",\"file\":\"../a.pem\"}]}", "an invalid key")]
    [InlineData("{\"format\":1,\"version\":1,\"maximumAge\":\"00:05:00\",\"tokenLifetime\":\"01:00:00\",\"keys\":[{\"keyId\":\"a\",\"state\":\"Current\",\"algorithm\":\"ES256\",\"createdAt\":\"2030-01-01T00:00:00Z\",\"file\":\"a.pem\"}]}", "lacks a key file")]
    [InlineData("{\"format\":1,\"version\":1,\"maximumAge\":\"00:05:00\",\"tokenLifetime\":\"01:00:00\",\"keys\":[null]}", "an invalid key")]
    [InlineData("{\"format\":1,\"version\":1,\"maximumAge\":\"00:05:00\",\"tokenLifetime\":\"01:00:00\",\"keys\":[{\"keyId\":\"a\",\"state\":\"Current\",\"algorithm\":\"ES256\",\"createdAt\":\"2030-01-01T00:00:00Z\",\"file\":\"a.pem\"},{\"keyId\":\"a\",\"state\":\"Next\",\"algorithm\":\"ES256\",\"createdAt\":\"2030-01-01T00:00:00Z\",\"file\":\"a.pem\"}]}", "an invalid key")]
    [InlineData("{\"format\":1,\"version\":1,\"maximumAge\":\"00:05:00\",\"tokenLifetime\":\"01:00:00\",\"keys\":[{\"keyId\":\"a\",\"state\":\"Retiring\",\"algorithm\":\"ES256\",\"createdAt\":\"2030-01-01T00:00:00Z\",\"file\":\"a.pem\"}]}", "an invalid key")]
    public async Task An_invalid_manifest_is_reported_with_its_fault(string manifest, string fault)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "keys.json"), manifest);

        var exception = await Assert.ThrowsAsync<JwksKeyStoreException>(() => Store().ReadAsync());

        Assert.Contains(fault, exception.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.FullName, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restored_key_file_is_read()
    {
        var key = Create("one");
        var store = Store();
        await store.TryReplaceAsync(JwksStoredKeys.Empty with { Keys = [key] });
        var file = Assert.Single(_folder.GetFiles("*.pem")).FullName;
        await File.WriteAllTextAsync(file, "damaged");
        Assert.Equal("damaged", Assert.Single((await store.ReadAsync()).Keys).Pem);

        await File.WriteAllTextAsync(file, key.Pem);

        Assert.Equal(key, Assert.Single((await store.ReadAsync()).Keys));
    }

    [Fact]
    public async Task Many_concurrent_writers_lose_no_step()
    {
        await new StoreLifeCycle(Store(), TimeProvider.System).ApplyAsync((life, _) => life.Add(Create("first")), default);
        var writers = Enumerable.Range(0, 4).Select(number => Task.Run(async () =>
        {
            var lifeCycle = new StoreLifeCycle(Store(), TimeProvider.System);
            for (var round = 0; round < 3; round++)
            {
                await lifeCycle.ApplyAsync((life, _) => life.Add(Create($"{number}-{round}")), default);
                await lifeCycle.ApplyAsync((life, _) => life.Promote(null, force: true), default);
            }
        }));

        await Task.WhenAll(writers);

        var keys = await Store().ReadAsync();
        Assert.Single(keys.Keys, key => key.State == JwksSigningKeyState.Current);
        Assert.Equal(keys.Version, 1 + keys.Keys.Count(key => key.RetiredAt is not null) + keys.Keys.Count(key => key.KeyId != "first"));
        Assert.Equal(keys.Keys.Count, _folder.GetFiles("*.pem").Length);
    }

    private FolderKeyStore Store() => new(_folder.FullName);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private IEnumerable<string> FileNames() => _folder.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal);

    private async Task RevokeAsync(JwksStoredKey key)
    {
        var revoked = key with { State = JwksSigningKeyState.Revoked, Pem = null, RevokedAt = _clock.GetUtcNow() };
        Assert.True(await Store().TryReplaceAsync((await Store().ReadAsync()) with { Keys = [revoked] }));
    }

    private async Task<List<string>> WarningsAsync()
    {
        var warnings = new List<string>();
        var store = new FolderKeyStore(_folder.FullName, (path, mode) => warnings.Add($"{path} {mode}"));
        await store.ReadAsync();
        await store.TryReplaceAsync(await store.ReadAsync());
        await store.ReadAsync();
        return warnings;
    }

    private JwksStoredKey Create(string keyId) => SigningKeyFactory.Create("ES256", keyId, _clock.GetUtcNow());
}
