using JwksAuth.Publishing;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Publishing.Storage;

/// <summary>Signing keys in a folder.</summary>
public sealed class FolderKeyStoreTests : IDisposable
{
    private readonly FakeClock _clock = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jwksauth-store-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Read_FolderThatIsNotThere_IsEmpty() =>
        Assert.Empty((await new FolderKeyStore(Path.Combine(_folder.FullName, "none")).ReadAsync()).Keys);

    [Fact]
    public async Task Replace_ThenReadByAnother_GivesTheSameKeys()
    {
        var key = Create("one / with ☃");
        Assert.True(await Store().TryReplaceAsync(JwksStoredKeys.Empty with { Keys = [key], TokenLifetime = TimeSpan.FromMinutes(7) }));

        var read = await Store().ReadAsync();

        Assert.Equal(key, Assert.Single(read.Keys));
        Assert.Equal(1, read.Version);
        Assert.Equal(TimeSpan.FromMinutes(7), read.TokenLifetime);
    }

    [Fact]
    public async Task Read_Unchanged_GivesTheSameObject()
    {
        var store = Store();
        await store.TryReplaceAsync(JwksStoredKeys.Empty with { Keys = [Create("one")] });

        Assert.Same(await store.ReadAsync(), await store.ReadAsync());
    }

    [Fact]
    public async Task Replace_VersionThatIsPast_IsNotStored()
    {
        await Store().TryReplaceAsync(JwksStoredKeys.Empty with { Keys = [Create("one")] });

        Assert.False(await Store().TryReplaceAsync(JwksStoredKeys.Empty with { Keys = [Create("two")] }));
        Assert.Equal("one", Assert.Single((await Store().ReadAsync()).Keys).KeyId);
    }

    [SkippableFact]
    public async Task Replace_WritesFilesForTheirOwnerAlone()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has access lists in place of modes.");
        await Store().TryReplaceAsync(JwksStoredKeys.Empty with { Keys = [Create("one")] });

        foreach (var name in new[] { "*.pem", "keys.json", "keys.lock" })
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Assert.Single(_folder.GetFiles(name)).UnixFileMode);
    }

    [Fact]
    public async Task Replace_RevokedKey_DeletesItsFileAndWhatDeadWritersLeft()
    {
        var key = Create("one");
        await Store().TryReplaceAsync(JwksStoredKeys.Empty with { Keys = [key] });
        var orphan = Path.Combine(_folder.FullName, ManifestKey.NewFileName());
        await File.WriteAllTextAsync(orphan, "orphan");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "keys.json.half"), "{");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "other.pem"), "of somebody else");

        var revoked = key with { State = JwksSigningKeyState.Revoked, Pem = null, RevokedAt = _clock.GetUtcNow() };
        await Store().TryReplaceAsync((await Store().ReadAsync()) with { Keys = [revoked] });

        Assert.Equal(["keys.json", "keys.lock", "other.pem"], _folder.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal));
        Assert.Equal(revoked, Assert.Single((await Store().ReadAsync()).Keys));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("{\"format\":1", "not readable JSON")]
    [InlineData("{\"format\":9,\"version\":1,\"maximumAge\":\"00:05:00\",\"tokenLifetime\":\"01:00:00\",\"keys\":[]}", "of another format")]
    [InlineData("{\"format\":1,\"version\":1,\"maximumAge\":\"00:05:00\",\"tokenLifetime\":\"01:00:00\",\"keys\":[{\"keyId\":\"a\",\"state\":\"Current\",\"algorithm\":\"ES256\",\"createdAt\":\"2030-01-01T00:00:00Z\",\"file\":\"../a.pem\"}]}", "cannot be")]
    [InlineData("{\"format\":1,\"version\":1,\"maximumAge\":\"00:05:00\",\"tokenLifetime\":\"01:00:00\",\"keys\":[{\"keyId\":\"a\",\"state\":\"Current\",\"algorithm\":\"ES256\",\"createdAt\":\"2030-01-01T00:00:00Z\",\"file\":\"a.pem\"}]}", "lacks a key file")]
    [InlineData("{\"format\":1,\"version\":1,\"maximumAge\":\"00:05:00\",\"tokenLifetime\":\"01:00:00\",\"keys\":[null]}", "cannot be")]
    [InlineData("{\"format\":1,\"version\":1,\"maximumAge\":\"00:05:00\",\"tokenLifetime\":\"01:00:00\",\"keys\":[{\"keyId\":\"a\",\"state\":\"Current\",\"algorithm\":\"ES256\",\"createdAt\":\"2030-01-01T00:00:00Z\",\"file\":\"a.pem\"},{\"keyId\":\"a\",\"state\":\"Next\",\"algorithm\":\"ES256\",\"createdAt\":\"2030-01-01T00:00:00Z\",\"file\":\"a.pem\"}]}", "cannot be")]
    [InlineData("{\"format\":1,\"version\":1,\"maximumAge\":\"00:05:00\",\"tokenLifetime\":\"01:00:00\",\"keys\":[{\"keyId\":\"a\",\"state\":\"Retiring\",\"algorithm\":\"ES256\",\"createdAt\":\"2030-01-01T00:00:00Z\",\"file\":\"a.pem\"}]}", "cannot be")]
    public async Task Read_ManifestThatCannotBe_SaysWhatIsWrong(string manifest, string fault)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "keys.json"), manifest);

        var exception = await Assert.ThrowsAsync<JwksKeyStoreException>(() => Store().ReadAsync());

        Assert.Contains(fault, exception.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.FullName, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_KeyFileThatWasRestored_GivesTheKey()
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
    public async Task Apply_ManyWritersAtOnce_LosesNoneOfTheirSteps()
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

    private JwksStoredKey Create(string keyId) => SigningKeyFactory.Create("ES256", keyId, _clock.GetUtcNow());
}
