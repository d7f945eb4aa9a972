using JwksAuth.Jose.Encryption;
using JwksAuth.Testing;
using Microsoft.Extensions.Configuration;

namespace JwksAuth.Tests.OwnKeys.Ring;

/// <summary>Changes of the configuration and of key files.</summary>
public sealed class KeyRingReloadTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jwksauth-keys-");
    private readonly FakeClock _clock = new();

    [Fact]
    public async Task A_withdrawn_key_decrypts_for_as_long_as_the_published_set_may_be_cached()
    {
        var configuration = Configure(("Keys:0:Pem", TestKeys.Pem(TestKeys.Ec)), ("CacheDuration", "00:05:00"));
        using var ring = new TestKeyRing(configuration: configuration, time: _clock);
        var token = Encrypted();
        Assert.Null((await ring.OpenAsync(token)).Failure);

        Change(configuration, ("Keys:0:Pem", TestKeys.NewEcPem()));
        Assert.DoesNotContain(ring.Ring.State.Published.Keys, key => key.KeyId == TestKeys.Thumbprint(TestKeys.Ec));

        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Null((await ring.OpenAsync(token)).Failure);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(JweFailure.Decryption, (await ring.OpenAsync(token)).Failure);
    }

    [Fact]
    public async Task A_withdrawn_key_decrypts_for_at_least_a_minute()
    {
        var configuration = Configure(("Keys:0:Pem", TestKeys.Pem(TestKeys.Ec)), ("CacheDuration", "00:00:00"));
        using var ring = new TestKeyRing(configuration: configuration, time: _clock);
        var token = Encrypted();
        Assert.True(ring.Ring.IsConfigured);

        Change(configuration, ("Keys:0:Pem", TestKeys.NewEcPem()));
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Null((await ring.OpenAsync(token)).Failure);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(JweFailure.Decryption, (await ring.OpenAsync(token)).Failure);
    }

    [Fact]
    public async Task A_key_from_an_earlier_withdrawal_keeps_its_own_grace_period()
    {
        var configuration = Configure(("Keys:0:Pem", TestKeys.Pem(TestKeys.Ec)));
        using var ring = new TestKeyRing(configuration: configuration, time: _clock);
        Assert.True(ring.Ring.IsConfigured);

        Change(configuration, ("Keys:0:Pem", TestKeys.NewEcPem()));
        _clock.Advance(TimeSpan.FromMinutes(4));
        Change(configuration, ("Keys:0:Pem", TestKeys.NewEcPem()));
        Assert.Null((await ring.OpenAsync(Encrypted())).Failure);

        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(JweFailure.Decryption, (await ring.OpenAsync(Encrypted())).Failure);
        Change(configuration, ("Keys:0:Pem", TestKeys.NewEcPem()));
        Assert.DoesNotContain(ring.Ring.State.Withdrawn, key => key.Key.KeyId == TestKeys.Thumbprint(TestKeys.Ec));
    }

    [Fact]
    public async Task A_key_with_a_new_algorithm_still_decrypts_tokens_with_the_old_one()
    {
        var configuration = Configure(("Keys:0:Pem", TestKeys.Pem(TestKeys.Ec)), ("Keys:0:Algorithm", "ECDH-ES"));
        using var ring = new TestKeyRing(configuration: configuration, time: _clock);
        Assert.True(ring.Ring.IsConfigured);

        Change(configuration, ("Keys:0:Algorithm", "ECDH-ES+A256KW"));
        Assert.Null((await ring.OpenAsync(Encrypted())).Failure);

        _clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(JweFailure.Decryption, (await ring.OpenAsync(Encrypted())).Failure);
    }

    [Fact]
    public async Task A_retiring_key_is_not_published_and_decrypts_while_it_is_configured()
    {
        var configuration = Configure(("Keys:0:Pem", TestKeys.NewEcPem()), ("Keys:1:Pem", TestKeys.Pem(TestKeys.Ec)), ("Keys:1:Status", "retiring"));
        using var ring = new TestKeyRing(configuration: configuration, time: _clock);

        _clock.Advance(TimeSpan.FromDays(30));

        Assert.Single(ring.Ring.State.Published.Keys);
        Assert.Null((await ring.OpenAsync(Encrypted())).Failure);
    }

    [Theory]
    [InlineData("Keys:0:Pem", "no key", "Keys[0].Pem (JwksAuth:KeyRing:Keys:0:Pem) is not a readable PEM private key")]
    [InlineData("Keys:0:Status", "gone", "Status 'gone' (JwksAuth:KeyRing:Keys:0:Status) is not active or retiring")]
    [InlineData("Keys:0:Use", "both", "Keys[0].Use 'both' (JwksAuth:KeyRing:Keys:0:Use) is neither enc nor sig")]
    [InlineData("CacheDuration", "a while", "CacheDuration 'a while' (JwksAuth:KeyRing:CacheDuration) is not a duration")]
    [InlineData("CacheDuration", "2.00:00:00", "CacheDuration '2.00:00:00' (JwksAuth:KeyRing:CacheDuration) must be between")]
    public async Task A_broken_reload_keeps_the_keys_and_is_logged(string key, string value, string fault)
    {
        using var log = new RecordedLog();
        var configuration = Configure(("Keys:0:Pem", TestKeys.Pem(TestKeys.Ec)));
        using var ring = new TestKeyRing(configuration: configuration, time: _clock, logger: log);
        Assert.Empty(ring.Ring.Faults);

        Change(configuration, (key, value));

        Assert.StartsWith(fault, Assert.Single(ring.Ring.Faults), StringComparison.Ordinal);
        Assert.Contains($"keeps its previous keys: {fault}", Assert.Single(log.Errors), StringComparison.Ordinal);
        Assert.Null((await ring.OpenAsync(Encrypted())).Failure);
    }

    [Theory]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49", "is not a readable PEM private key")]
    [InlineData("", "is not a readable PEM private key")]
    [InlineData(null, "cannot be read (FileNotFoundException)")]
    public async Task A_file_that_becomes_unreadable_keeps_the_keys_and_is_logged(string? content, string fault)
    {
        using var log = new RecordedLog();
        var path = Path.Combine(_folder.FullName, "key.pem");
        await File.WriteAllTextAsync(path, TestKeys.Pem(TestKeys.Ec));
        var configuration = Configure(("Keys:0:PemFile", path));
        using var ring = new TestKeyRing(configuration: configuration, time: _clock, logger: log);
        Assert.Empty(ring.Ring.Faults);

        if (content is null)
            File.Delete(path);
        else
            await File.WriteAllTextAsync(path, content);
        configuration.Reload();

        Assert.StartsWith($"Keys[0].PemFile '{path}' (JwksAuth:KeyRing:Keys:0:PemFile) {fault}", Assert.Single(ring.Ring.Faults), StringComparison.Ordinal);
        Assert.Contains("keeps its previous keys", Assert.Single(log.Errors), StringComparison.Ordinal);
        Assert.Single(ring.Ring.State.Published.Keys);
        Assert.Null((await ring.OpenAsync(Encrypted())).Failure);
    }

    [Fact]
    public async Task A_changed_file_is_read_again()
    {
        var path = Path.Combine(_folder.FullName, "key.pem");
        await File.WriteAllTextAsync(path, TestKeys.NewEcPem());
        using var ring = new TestKeyRing(options => options.Keys.Add(new JwksPrivateKey { PemFile = path }), time: _clock);
        var before = Assert.Single(ring.Ring.State.Keys).KeyId;
        var loaded = NextLoad(ring);

        await File.WriteAllTextAsync(path, TestKeys.Pem(TestKeys.Ec));
        File.SetLastWriteTimeUtc(path, new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc)); // however coarse the file system's times are
        await loaded;

        Assert.Equal(TestKeys.Thumbprint(TestKeys.Ec), Assert.Single(ring.Ring.State.Keys).KeyId);
        Assert.Equal(before, Assert.Single(ring.Ring.State.Withdrawn).Key.KeyId);
    }

    [Fact]
    public async Task A_file_that_appears_later_ends_the_fault()
    {
        var path = Path.Combine(_folder.FullName, "later", "key.pem");
        using var ring = new TestKeyRing(options => options.Keys.Add(new JwksPrivateKey { PemFile = path }), time: _clock);
        Assert.False(ring.Ring.IsConfigured);
        var loaded = NextLoad(ring);

        var whole = Path.Combine(_folder.FullName, "whole.pem");
        await File.WriteAllTextAsync(whole, TestKeys.Pem(TestKeys.Ec));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Move(whole, path);
        await loaded;

        Assert.True(ring.Ring.IsConfigured);
        Assert.Empty(ring.Ring.Faults);
    }

    [Fact]
    public void The_newest_active_signature_key_signs()
    {
        var configuration = Configure(
            ("Keys:0:Pem", TestKeys.Pem(TestKeys.Rsa)),
            ("Keys:1:Pem", TestKeys.NewEcPem()), ("Keys:1:Use", "sig"), ("Keys:1:KeyId", "old"), ("Keys:1:Status", "Retiring"),
            ("Keys:2:Pem", TestKeys.Pem(TestKeys.Ec)), ("Keys:2:Use", "sig"), ("Keys:2:KeyId", "current"));
        using var ring = new TestKeyRing(configuration: configuration);

        var credentials = ring.Ring.FindSigningCredentials();

        Assert.Equal(("current", "ES256"), (credentials?.Kid, credentials?.Algorithm));
        Assert.Null(ring.Ring.FindSigningCredentials("RS256"));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Encrypted() => new FakeEncryption(TestKeys.PublicJwk(TestKeys.Ec)) { Algorithm = "ECDH-ES" }.Encrypt("content");

    private static IConfigurationRoot Configure(params (string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"JwksAuth:KeyRing:{setting.Key}", (string?)setting.Value))).Build();

    private static void Change(IConfigurationRoot configuration, (string Key, string Value) setting)
    {
        configuration[$"JwksAuth:KeyRing:{setting.Key}"] = setting.Value;
        configuration.Reload();
    }

    private static Task NextLoad(TestKeyRing ring)
    {
        var loaded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ring.Ring.Loaded += () => loaded.TrySetResult();
        return loaded.Task.WaitAsync(Patience);
    }
}
