using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace JwksAuth.IntegrationTests.Tool;

/// <summary><c>jwks keys</c>.</summary>
public sealed class KeysCommandTests : IDisposable
{
    private readonly StoreFolder _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task A_key_goes_through_its_whole_life_cycle()
    {
        Assert.Equal(0, (await _store.KeysAsync("new", "--kid", "one")).ExitCode);
        Assert.Equal(0, (await _store.KeysAsync("new", "--kid", "two")).ExitCode);
        Assert.Equal([("current", "one"), ("next", "two")], await _store.StatesAsync());

        var early = await _store.KeysAsync("promote");
        Assert.Equal(2, early.ExitCode);
        Assert.Contains("promote it after", early.Output, StringComparison.Ordinal);
        Assert.Contains("The risk with --force: Caches may lack", early.Output, StringComparison.Ordinal);

        Assert.Equal(0, (await _store.KeysAsync("promote", "--force")).ExitCode);
        Assert.Equal([("retiring", "one"), ("current", "two")], await _store.StatesAsync());

        Assert.Equal(2, (await _store.KeysAsync("retire", "one")).ExitCode);
        Assert.Equal(0, (await _store.KeysAsync("retire", "one", "--force")).ExitCode);
        Assert.Equal(0, (await _store.KeysAsync("revoke", "two")).ExitCode);
        Assert.Equal(["revoked", "current", "next"], (await _store.StatesAsync()).Select(key => key.State));
    }

    [Fact]
    public async Task A_kid_is_given_or_generated_and_never_used_twice()
    {
        await _store.KeysAsync("new", "--kid-length", "12");
        var (_, keyId) = Assert.Single(await _store.StatesAsync());

        var again = await _store.KeysAsync("new", "--kid", keyId);

        Assert.Equal(12, keyId.Length);
        Assert.Equal(2, again.ExitCode);
        Assert.Contains($"already has a key with the kid '{keyId}'", again.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Equal(1, (await _store.KeysAsync("new", "--kid", "a", "--kid-length", "12")).ExitCode);
    }

    [Fact]
    public async Task An_export_overwrites_no_keys_by_default_and_contains_only_public_members()
    {
        await _store.KeysAsync("new", "--kid", "one");
        await _store.KeysAsync("new", "--kid", "two", "--alg", "RS256");
        await _store.KeysAsync("promote", "--force");

        var all = (await _store.KeysAsync("export")).Json["keys"]!.AsArray();
        var live = (await _store.KeysAsync("export", "--drop-previous")).Json["keys"]!.AsArray();

        Assert.Equal(["two", "one"], all.Select(key => (string)key!["kid"]!));
        Assert.Equal(["two"], live.Select(key => (string)key!["kid"]!));
        Assert.Equal(["alg", "crv", "e", "kid", "kty", "n", "use", "x", "y"], all.SelectMany(key => key!.AsObject().Select(member => member.Key)).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_private_key_is_written_only_to_a_new_file_that_only_its_owner_can_read()
    {
        await _store.KeysAsync("new");
        var file = _store.Beside("signing.pem");

        var export = await _store.KeysAsync("export", "--private-key", file);
        var again = await _store.KeysAsync("export", "--private-key", file);

        using var key = ECDsa.Create();
        key.ImportFromPem(await File.ReadAllTextAsync(file));
        Assert.DoesNotContain("\"d\"", export.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE", export.Output + export.Error, StringComparison.Ordinal);
        Assert.Equal(3, again.ExitCode);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task A_key_from_a_PEM_file_keeps_its_certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var certificate = new CertificateRequest("CN=issuer", key, HashAlgorithmName.SHA384).CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        await File.WriteAllTextAsync(_store.Beside("key.pem"), key.ExportPkcs8PrivateKeyPem() + "\n" + certificate.ExportCertificatePem());
        await File.WriteAllBytesAsync(_store.Beside("key.pfx"), certificate.Export(X509ContentType.Pkcs12));

        Assert.Equal(0, (await _store.KeysAsync("new", "--from", _store.Beside("key.pem"), "--kid", "pem")).ExitCode);
        Assert.Equal(0, (await _store.KeysAsync("new", "--from", _store.Beside("key.pfx"), "--kid", "pfx")).ExitCode);

        var published = (await _store.KeysAsync("export")).Json["keys"]!.AsArray();
        Assert.All(published, jwk => Assert.Equal(Convert.ToBase64String(certificate.RawData), (string?)jwk!["x5c"]![0]));
        Assert.All(published, jwk => Assert.Equal("ES384", (string?)jwk!["alg"]));
    }

    [Fact]
    public async Task An_encrypted_key_is_decrypted_with_the_password_from_the_environment()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var encryption = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, iterationCount: 1000);
        var file = _store.Beside("key.pem");
        await File.WriteAllTextAsync(file, key.ExportEncryptedPkcs8PrivateKeyPem("correct horse", encryption));

        var wrong = await _store.KeysAsync("new", "--from", file);
        var right = await ToolRun.AsProcessAsync([.. "keys new --from".Split(' '), file, "--store", _store.Path], ("JWKS_PASSWORD", "correct horse"));

        Assert.Equal(3, wrong.ExitCode);
        Assert.Contains("JWKS_PASSWORD", wrong.Error, StringComparison.Ordinal);
        Assert.Equal(0, right.ExitCode);
        Assert.DoesNotContain("horse", right.Output + right.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await _store.KeysAsync("export")).ExitCode);
    }

    [Fact]
    public async Task Durations_of_a_store_with_keys_are_not_shortened_unless_forced()
    {
        await _store.KeysAsync("new", "--token-lifetime", "2h");

        var refused = await _store.KeysAsync("new", "--token-lifetime", "1h");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("The risk with --force: Services will reject tokens that live for up to 02:00:00", refused.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);

        Assert.Equal(0, (await _store.KeysAsync("new", "--token-lifetime", "1h", "--force")).ExitCode);
        Assert.Equal("01:00:00", (string?)(await _store.ListAsync())["tokenLifetime"]);
    }

    [Fact]
    public async Task Durations_can_be_lengthened_without_a_new_key()
    {
        await _store.KeysAsync("rotate");

        Assert.Equal(0, (await _store.KeysAsync("limit", "--token-lifetime", "8h")).ExitCode);
        Assert.Equal(2, (await _store.KeysAsync("limit", "--token-lifetime", "7h")).ExitCode);

        Assert.Equal("08:00:00", (string?)(await _store.ListAsync())["tokenLifetime"]);
        Assert.Equal(2, (await _store.StatesAsync()).Count);
    }

    [Fact]
    public async Task A_file_that_is_not_a_key_is_named_and_changes_nothing()
    {
        await File.WriteAllTextAsync(_store.Beside("key.pem"), "no key");

        var run = await _store.KeysAsync("new", "--from", _store.Beside("key.pem"), "--json");

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("key.pem", (string?)run.Json["error"], StringComparison.Ordinal);
        Assert.False(Directory.Exists(_store.Path));
    }

    [Theory]
    [InlineData("keys list")]
    [InlineData("keys list --json")]
    [InlineData("keys export")]
    [InlineData("keys promote")]
    [InlineData("keys retire one")]
    [InlineData("keys revoke one")]
    [InlineData("token --issuer i --audience a")]
    public async Task A_missing_store_is_named_and_not_created(string arguments)
    {
        Directory.CreateDirectory(_store.Beside("empty"));
        foreach (var path in (string[])[_store.Path, _store.Beside("empty")])
        {
            var run = await ToolRun.InProcessAsync([.. arguments.Split(' '), "--store", path]);

            Assert.Equal(3, run.ExitCode);
            Assert.Contains($"There is no key store in '{path}'", run.Error.Length > 0 ? run.Error : (string)run.Json["error"]!, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(_store.Path));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_store.Beside("empty")));
    }

    [Fact]
    public async Task The_times_in_a_list_are_readable()
    {
        await _store.KeysAsync("new", "--kid", "one");
        await _store.KeysAsync("new", "--kid", "two");
        var keys = (await _store.ListAsync())["keys"]!;

        Assert.Null(keys[0]!["thenAt"]);
        Assert.Equal("may sign after", (string?)keys[1]!["then"]);
        Assert.True(keys[1]!["thenAt"]!.GetValue<DateTimeOffset>() > keys[1]!["createdAt"]!.GetValue<DateTimeOffset>());
        Assert.Contains("may sign after", (await _store.KeysAsync("list")).Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [SkippableFact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_store_that_everybody_can_write_to_causes_a_warning()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has access lists in place of modes.");
        await _store.KeysAsync("new");
        File.SetUnixFileMode(_store.Path, (UnixFileMode)511);

        var run = await _store.KeysAsync("list", "--json");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"warning: Other users of this machine can read or change '{_store.Path}'", run.Error, StringComparison.Ordinal);
        Assert.NotNull(run.Json["keys"]);
    }

    [Theory]
    [InlineData("keys new --kid-length x", "--kid-length must be between 8 and 256.")]
    [InlineData("keys new --kid-length 7", "--kid-length must be between 8 and 256.")]
    [InlineData("keys new --max-age 5x", "'5x' is not a duration")]
    [InlineData("keys new --alg HS256", "'HS256'")]
    [InlineData("serve --port 65536", "--port must be between 1 and 65535.")]
    [InlineData("token --issuer i --audience a --claim x", "--claim must have the form name=value.")]
    public async Task An_invalid_command_line_is_named_and_changes_nothing(string arguments, string fault)
    {
        var run = await ToolRun.InProcessAsync([.. arguments.Split(' '), "--store", _store.Path]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_store.Path));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("keys", "--help")]
    [InlineData("keys", "new", "--help")]
    [InlineData("keys", "rotate", "--help")]
    [InlineData("inspect", "--help")]
    [InlineData("explain", "--help")]
    [InlineData("refresh", "--help")]
    [InlineData("serve", "--help")]
    [InlineData("token", "--help")]
    public async Task Help_has_examples(params string[] arguments)
    {
        var help = await ToolRun.InProcessAsync(arguments);

        Assert.Equal(0, help.ExitCode);
        Assert.Contains("Examples:\n  ", help.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.All(help.Output.Split('\n'), line => Assert.InRange(line.TrimEnd().Length, 0, 80));
    }

    [Fact]
    public async Task A_list_fits_80_columns()
    {
        await _store.KeysAsync("new");
        await _store.KeysAsync("new", "--kid", new string('k', 200));

        var list = await _store.KeysAsync("list");

        Assert.All(list.Output.Split('\n'), line => Assert.InRange(line.TrimEnd().Length, 0, 80));
    }

    [Fact]
    public async Task A_claim_that_has_its_own_option_is_refused_as_a_further_claim() =>
        Assert.Equal(1, (await ToolRun.InProcessAsync("token", "--store", _store.Path, "--issuer", "https://i", "--audience", "api", "--claim", "exp=9999999999")).ExitCode);

    [Fact]
    public async Task A_token_that_would_outlive_its_key_is_refused()
    {
        await _store.KeysAsync("new", "--token-lifetime", "10m");

        var token = await ToolRun.InProcessAsync("token", "--store", _store.Path, "--issuer", "https://i", "--audience", "api", "--lifetime", "11m", "--json");

        Assert.Equal(2, token.ExitCode);
        Assert.Contains("outlive", (string?)token.Json["error"], StringComparison.Ordinal);
    }
}
