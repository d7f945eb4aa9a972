using System.Net;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using JwksAuth.Issuer.SigningKeys;
using JwksAuth.Issuer.SigningKeys.LifeCycle;
using JwksAuth.Issuer.SigningKeys.Storage;
using JwksAuth.Testing;
using JwksAuth.Tests.OwnKeys;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tests.Issuer.SigningKeys;

/// <summary>An issuer on a key store, over whole requests.</summary>
public sealed class SigningKeysTests : IDisposable
{
    private const string JwksPath = "/.well-known/jwks.json";

    private readonly FakeClock _clock = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jwksauth-issuer-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task An_issuer_publishes_where_its_keys_are_and_signs_with_the_current_one()
    {
        await TakeAsync((life, now) => life.Rotate(() => Create(now), force: false));
        await using var issuer = await StartAsync();

        var metadata = JsonNode.Parse(await issuer.Client.GetStringAsync("/.well-known/openid-configuration"))!;
        var keys = new JsonWebKeySet(await issuer.Client.GetStringAsync(JwksPath));
        var token = new JsonWebToken(await SignAsync(issuer));

        Assert.Equal("https://issuer.example", (string?)metadata["issuer"]);
        Assert.Equal("https://issuer.example" + JwksPath, (string?)metadata["jwks_uri"]);
        Assert.Equal("https://issuer.example/token", (string?)metadata["token_endpoint"]);
        Assert.Equal("ES256", (string?)metadata["id_token_signing_alg_values_supported"]![0]);
        Assert.Equal(2, keys.Keys.Count);
        Assert.Equal(keys.Keys[0].Kid, token.Kid);
        Assert.True((await ValidateAsync(token, keys)).IsValid);
    }

    [Fact]
    public async Task Tokens_of_both_keys_pass_in_the_overlap_and_a_revoked_key_is_gone_with_the_next_request()
    {
        await TakeAsync((life, now) => life.Rotate(() => Create(now), force: false));
        await using var issuer = await StartAsync();
        var before = new JsonWebToken(await SignAsync(issuer));

        _clock.Advance(TimeSpan.FromMinutes(6));
        await TakeAsync((life, now) => life.Rotate(() => Create(now), force: false));
        var after = new JsonWebToken(await SignAsync(issuer));
        var overlap = new JsonWebKeySet(await issuer.Client.GetStringAsync(JwksPath));

        Assert.NotEqual(before.Kid, after.Kid);
        Assert.True((await ValidateAsync(before, overlap)).IsValid);
        Assert.True((await ValidateAsync(after, overlap)).IsValid);

        await TakeAsync((life, now) => life.Revoke(after.Kid, () => Create(now)));
        var revoked = new JsonWebKeySet(await issuer.Client.GetStringAsync(JwksPath));

        Assert.True((await ValidateAsync(before, revoked)).IsValid);
        Assert.False((await ValidateAsync(after, revoked)).IsValid);
        Assert.NotEqual(after.Kid, new JsonWebToken(await SignAsync(issuer)).Kid);
    }

    [Fact]
    public async Task A_store_that_becomes_unreadable_leaves_the_known_keys_in_use()
    {
        await TakeAsync((life, now) => life.Rotate(() => Create(now), force: false));
        await using var issuer = await StartAsync();
        var before = await issuer.Client.GetStringAsync(JwksPath);

        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "keys.json"), "{");

        Assert.Equal(before, await issuer.Client.GetStringAsync(JwksPath));
        Assert.NotEmpty(await SignAsync(issuer));
    }

    [Fact]
    public async Task A_store_that_disappears_leaves_the_known_keys_in_use_and_is_not_recreated()
    {
        await using var issuer = await StartAsync(options => options.RotationInterval = TimeSpan.FromHours(2));
        var rotation = issuer.Services.GetServices<IHostedService>().OfType<KeyRotation>().Single();
        await rotation.RotateAsync(default);
        var before = await issuer.Client.GetStringAsync(JwksPath);

        File.Delete(Path.Combine(_folder.FullName, "keys.json"));

        await Assert.ThrowsAsync<JwksKeyStoreException>(() => rotation.RotateAsync(default));
        Assert.Equal(before, await issuer.Client.GetStringAsync(JwksPath));
        Assert.NotEmpty(await SignAsync(issuer));
    }

    [Fact]
    public async Task An_empty_store_answers_503_and_signs_nothing()
    {
        await using var issuer = await StartAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await issuer.GetStatusAsync(null, JwksPath));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await issuer.GetStatusAsync(null, "/.well-known/openid-configuration"));
        await Assert.ThrowsAsync<JwksKeyStoreException>(() => SignAsync(issuer));
    }

    [Fact]
    public async Task A_schedule_creates_the_first_keys_and_rotates_them_on_time()
    {
        await using var issuer = await StartAsync(options => options.RotationInterval = TimeSpan.FromHours(2));
        var rotation = issuer.Services.GetServices<IHostedService>().OfType<KeyRotation>().Single();
        await rotation.RotateAsync(default);
        var first = new JsonWebToken(await SignAsync(issuer));

        _clock.Advance(TimeSpan.FromHours(2) - TimeSpan.FromMinutes(1));
        await rotation.RotateAsync(default);
        Assert.Equal(first.Kid, new JsonWebToken(await SignAsync(issuer)).Kid);

        _clock.Advance(TimeSpan.FromMinutes(1));
        await rotation.RotateAsync(default);
        Assert.NotEqual(first.Kid, new JsonWebToken(await SignAsync(issuer)).Kid);
        Assert.True((await ValidateAsync(first, new JsonWebKeySet(await issuer.Client.GetStringAsync(JwksPath)))).IsValid);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_in_time_is_tried_again_a_minute_later()
    {
        var store = new SilentStore();
        await using var issuer = await StartAsync(options => options.RotationInterval = TimeSpan.FromHours(2), store);
        await store.Asked.WaitAsync(TimeSpan.FromSeconds(30));

        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.True(await store.Asked.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_host_that_fails_to_start_reports_no_rotation_failure(bool isBusy)
    {
        var log = new RecordedLog("Microsoft.Extensions.Hosting.Internal.Host");
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(log);
        builder.Services.AddSingleton<TimeProvider>(_clock);
        if (isBusy)
            builder.Services.AddSingleton<IJwksKeyStore>(new BusyStore());
        builder.Services.AddJwksSigningKeys(options =>
        {
            (options.Directory, options.Issuer, options.RotationInterval) = (_folder.FullName, "https://issuer.example", TimeSpan.FromHours(2));
        });
        builder.Services.AddHostedService<Refusal>();
        Task? rotation;
        using (var host = builder.Build())
        {
            await Assert.ThrowsAsync<IOException>(() => host.StartAsync());
            rotation = host.Services.GetServices<IHostedService>().OfType<KeyRotation>().Single().ExecuteTask;
        }

        await rotation!.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.DoesNotContain(log.Errors, error => error.Contains("BackgroundService", StringComparison.Ordinal));
    }

    [SkippableFact]
    [UnsupportedOSPlatform("windows")]
    public async Task The_log_names_a_folder_that_everyone_can_write_to()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has access lists in place of modes.");
        await TakeAsync((life, now) => life.Rotate(() => Create(now), force: false));
        File.SetUnixFileMode(_folder.FullName, (UnixFileMode)511);
        var log = new RecordedLog();
        await using var issuer = await StartAsync(log: log);

        await SignAsync(issuer);
        await SignAsync(issuer);

        var entry = Assert.Single(log.Entries, entry => entry.Id.Name == "KeyStoreOpenToOthers");
        Assert.Contains(_folder.FullName, entry.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_with_a_certificate_is_published_with_it()
    {
        using var certificate = TestKeys.Certify(TestKeys.Ec);
        var (key, fault) = SigningKeyFactory.FromPem(TestKeys.Pem(TestKeys.Ec) + "\n" + certificate.ExportCertificatePem(), null, "certified", _clock.GetUtcNow());
        await TakeAsync((life, _) => life.Add(key!));
        await using var issuer = await StartAsync();

        var published = JsonNode.Parse(await issuer.Client.GetStringAsync(JwksPath))!["keys"]![0]!;

        Assert.Null(fault);
        Assert.Equal("certified", (string?)published["kid"]);
        Assert.Equal(Convert.ToBase64String(certificate.RawData), (string?)published["x5c"]![0]);
    }

    [Fact]
    public async Task The_text_of_a_stored_key_contains_no_key_material()
    {
        var key = Create(_clock.GetUtcNow());
        await TakeAsync((life, _) => life.Add(key));

        Assert.Equal($"{key.KeyId} (Next)", key.ToString());
    }

    private static JwksStoredKey Create(DateTimeOffset now) => SigningKeyFactory.Create("ES256", keyId: null, now);

    private Task<LifeCycleStep> TakeAsync(Func<KeyLifeCycle, DateTimeOffset, LifeCycleStep> decide) =>
        new StoreLifeCycle(new FolderKeyStore(_folder.FullName), _clock).ApplyAsync(decide, default);

    private Task<TestApi> StartAsync(Action<JwksSigningKeysOptions>? configure = null, IJwksKeyStore? store = null, RecordedLog? log = null) => TestApi.StartAsync(
        services =>
        {
            services.AddSingleton<TimeProvider>(_clock);
            if (store is not null)
                services.AddSingleton(store);
            services.AddAuthentication();
            services.AddJwksSigningKeys(options =>
            {
                options.Directory = _folder.FullName;
                options.Issuer = "https://issuer.example";
                configure?.Invoke(options);
            });
        },
        new TestApiSettings
        {
            Logging = logging =>
            {
                if (log is not null)
                    logging.AddProvider(log);
            },
            Map = application =>
            {
                application.MapJwks();
                application.MapOpenIdConfiguration(metadata => metadata["token_endpoint"] = "https://issuer.example/token");
            },
        });

    /// <summary>A server that fails because its port is in use, after the rotation has started.</summary>
    private sealed class Refusal(TimeProvider clock) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            await ((FakeClock)clock).WaitForTimersAsync(1, cancellationToken);
            throw new IOException("The port is taken.");
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>A vault that answers only after the caller has given up, and then throws its own exception.</summary>
    private sealed class BusyStore : IJwksKeyStore
    {
        public async Task<JwksStoredKeys> ReadAsync(CancellationToken cancellationToken = default)
        {
            var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = cancellationToken.Register(end.SetResult);
            await end.Task;
            throw new IOException("The connection was closed.");
        }

        public Task<bool> TryReplaceAsync(JwksStoredKeys keys, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }

    /// <summary>A vault whose client times out as HTTP clients do: with a cancellation that the caller did not request.</summary>
    private sealed class SilentStore : IJwksKeyStore
    {
        public SemaphoreSlim Asked { get; } = new(0);

        public Task<JwksStoredKeys> ReadAsync(CancellationToken cancellationToken = default)
        {
            Asked.Release();
            throw new TaskCanceledException();
        }

        public Task<bool> TryReplaceAsync(JwksStoredKeys keys, CancellationToken cancellationToken = default) => throw new TaskCanceledException();
    }

    private static async Task<string> SignAsync(TestApi issuer) => new JsonWebTokenHandler().CreateToken(
        """{"iss":"https://issuer.example"}""", await issuer.Services.GetRequiredService<IJwksSigningKeys>().GetSigningCredentialsAsync());

    private static Task<TokenValidationResult> ValidateAsync(JsonWebToken token, JsonWebKeySet keys) => new JsonWebTokenHandler().ValidateTokenAsync(
        token,
        new TokenValidationParameters
        {
            ValidIssuer = "https://issuer.example",
            ValidateAudience = false,
            ValidateLifetime = false,
            IssuerSigningKeys = keys.GetSigningKeys(),
        });
}
