using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using JwksAuth.Bearer.Configuration;
using JwksAuth.Testing;
using JwksAuth.Tests.OwnKeys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Tests.Bearer.Validation;

/// <summary>Encrypted access tokens over whole requests: decrypted with the key ring, then judged like any other token.</summary>
public sealed class EncryptedTokenTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private FakeJwksServer _issuer = null!;

    public async Task InitializeAsync() => _issuer = await TestIssuer.StartAsync(_clock);

    public async Task DisposeAsync() => await _issuer.DisposeAsync();

    [Theory]
    [InlineData("JWT")]
    [InlineData("at+jwt")]
    [InlineData("application/at+jwt")]
    [InlineData(null)]
    public async Task An_encrypted_token_passes(string? contentType)
    {
        await using var api = await StartAsync();

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync((Encryption with { ContentType = contentType }).Encrypt(_issuer.CreateToken())));
    }

    [Fact]
    public async Task A_signed_token_passes_where_encrypted_ones_are_accepted()
    {
        await using var api = await StartAsync();

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
    }

    [Fact]
    public async Task Encrypted_tokens_are_refused_by_default()
    {
        await using var api = await StartAsync(options => options.EncryptionAlgorithms = []);

        Assert.Equal(
            "401 Bearer error=\"invalid_token\", error_description=\"The token is encrypted, which is not accepted\"",
            await api.GetChallengeAsync(Encryption.Encrypt(_issuer.CreateToken())));
    }

    [Fact]
    public async Task The_decrypted_token_is_judged_like_any_other()
    {
        await using var api = await StartAsync();

        Assert.Contains("expired", await api.GetChallengeAsync(Encryption.Encrypt(_issuer.CreateToken(token => token.Expired()))), StringComparison.Ordinal);
        Assert.Contains("audience", await api.GetChallengeAsync(Encryption.Encrypt(_issuer.CreateToken(token => token.WithAudience("other")))), StringComparison.Ordinal);
        Assert.Contains("signature", await api.GetChallengeAsync(Encryption.Encrypt(_issuer.CreateToken(token => token.WithWrongSignature()))), StringComparison.Ordinal);
        Assert.Contains("algorithm", await api.GetChallengeAsync(Encryption.Encrypt(_issuer.CreateToken(token => token.SignedWithPublicKey()))), StringComparison.Ordinal);
        Assert.Contains("not a well-formed", await api.GetChallengeAsync(Encryption.Encrypt("""{"sub":"nobody signed this"}""")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_encrypted_twice_is_refused()
    {
        await using var api = await StartAsync();

        Assert.Contains("401", await api.GetChallengeAsync(Encryption.Encrypt(Encryption.Encrypt(_issuer.CreateToken()))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_answer_does_not_say_why_a_token_cannot_be_decrypted()
    {
        await using var api = await StartAsync(options => options.ContentEncryptionAlgorithms = ["A256GCM"]);
        var token = _issuer.CreateToken();
        string[] refused =
        [
            (Encryption with { Algorithm = "ECDH-ES+A128KW" }).Encrypt(token),
            (Encryption with { Encryption = "A128GCM" }).Encrypt(token),
            (Encryption with { ContentType = "text/plain" }).Encrypt(token),
            (Encryption with { Header = new JsonObject { ["zip"] = "DEF" } }).Encrypt(token),
            new FakeEncryption(TestKeys.PublicJwk(TestKeys.OtherRsa)) { Algorithm = "RSA-OAEP-256" }.Encrypt(token),
            Encryption.Encrypt(token)[..^4] + "AAAA",
            "a.b.c.d.e",
        ];

        foreach (var refusal in refused)
        {
            Assert.Equal(
                "401 Bearer error=\"invalid_token\", error_description=\"The token cannot be decrypted\"",
                await api.GetChallengeAsync(refusal));
        }
    }

    [Fact]
    public async Task Without_a_key_ring_encrypted_tokens_get_503_and_signed_tokens_pass()
    {
        await using var api = await StartAsync(withKeyRing: false);
        using var response = await api.SendAsync(Encryption.Encrypt(_issuer.CreateToken()));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
    }

    [SkippableFact]
    public async Task A_token_seen_before_is_not_decrypted_again()
    {
        Skip.IfNot(TestApi.RemembersTokens, "The token cache is off.");
        var decryptor = new CountingDecryptor();
        await using var api = await StartAsync(decryptor);
        decryptor.Content = _issuer.CreateToken();
        var token = Encryption.Encrypt("what the decryptor gives counts");

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
        Assert.Equal(1, decryptor.Count);

        _issuer.ReplaceAll();
        await api.Manager.RefreshAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(token));
    }

    [SkippableFact]
    public async Task A_token_that_its_holder_encrypts_repeatedly_takes_one_cache_entry()
    {
        Skip.IfNot(TestApi.RemembersTokens, "The token cache is off.");
        await using var api = await StartAsync(options => options.TokenCacheCapacity = 10);
        var (token, other) = (_issuer.CreateToken(), Encryption.Encrypt(_issuer.CreateToken(token => token.WithSubject("bob"))));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(other));

        var encrypted = "";
        for (var count = 0; count < 40; count++)
        {
            encrypted = (Encryption with { Header = new JsonObject { ["padding"] = new string('x', count) } }).Encrypt(token);
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(encrypted));
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(encrypted));
        }

        var cache = api.Services.GetRequiredService<BearerPlans>().Of("Bearer").Cache!;
        Assert.Equal(4, cache.Count);
        Assert.NotNull(cache.Find(encrypted));
        Assert.NotNull(cache.Find(other));
    }

    [Theory]
    [InlineData("A128CBC-HS256")]
    [InlineData("A256CBC-HS512")]
    [InlineData("A256GCM")]
    public async Task An_encrypted_token_without_content_is_refused(string encryption)
    {
        using var log = new RecordedLog();
        await using var api = await StartAsync(settings: new TestApiSettings { Logging = logging => logging.AddProvider(log) });
        var parts = (Encryption with { Encryption = encryption }).Encrypt(_issuer.CreateToken()).Split('.');

        Assert.Equal(
            "401 Bearer error=\"invalid_token\", error_description=\"The token cannot be decrypted\"",
            await api.GetChallengeAsync($"{parts[0]}.{parts[1]}.{parts[2]}..{parts[4]}"));
        Assert.Empty(log.Errors);
    }

    [Fact]
    public async Task Tokens_with_equal_endings_keep_their_own_users()
    {
        var decryptor = new CountingDecryptor();
        await using var api = await StartAsync(decryptor);
        var first = Encryption.Encrypt("what the decryptor gives counts");
        var second = Encryption.Encrypt("what the decryptor gives counts");
        second = second[..second.LastIndexOf('.')] + first[first.LastIndexOf('.')..];
        var (alice, bob) = (_issuer.CreateToken(token => token.WithSubject("alice")), _issuer.CreateToken(token => token.WithSubject("bob")));

        for (var count = 0; count < 4; count++)
        {
            Assert.Equal("alice", await ReadUserAsync(first, alice));
            Assert.Equal("alice", await ReadUserAsync(first, alice));
            Assert.Equal("bob", await ReadUserAsync(second, bob));
        }

        async Task<string> ReadUserAsync(string token, string content)
        {
            decryptor.Content = content;
            using var response = await api.SendAsync(token);
            return await response.Content.ReadAsStringAsync();
        }
    }

    [Theory]
    [InlineData("RSA1_5")]
    [InlineData("dir")]
    [InlineData("A128KW")]
    [InlineData("PBES2-HS256+A128KW")]
    public async Task An_algorithm_that_is_never_accepted_is_a_configuration_mistake(string algorithm)
    {
        using var log = new RecordedLog();
        await using var api = await StartAsync(options => options.EncryptionAlgorithms = [algorithm], settings: new TestApiSettings { Logging = logging => logging.AddProvider(log) });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Contains($"EncryptionAlgorithms '{algorithm}' (Authentication:Schemes:Bearer:EncryptionAlgorithms) is not accepted", Assert.Single(log.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_algorithms_are_read_from_configuration()
    {
        var settings = new TestApiSettings();
        settings.Configuration["Authentication:Schemes:Bearer:EncryptionAlgorithms:0"] = "ECDH-ES";
        settings.Configuration["Authentication:Schemes:Bearer:ContentEncryptionAlgorithms"] = "A256GCM";
        settings.Configuration["JwksAuth:KeyRing:Keys:0:Pem"] = TestKeys.Pem(TestKeys.Ec);
        await using var api = await TestApi.StartAsync(_issuer, settings: settings);

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(Encryption.Encrypt(_issuer.CreateToken())));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync((Encryption with { Encryption = "A128GCM" }).Encrypt(_issuer.CreateToken())));
    }

    private static FakeEncryption Encryption => new(TestKeys.PublicJwk(TestKeys.Ec)) { Algorithm = "ECDH-ES" };

    private Task<TestApi> StartAsync(Action<JwksBearerOptions>? configure = null, bool withKeyRing = true, TestApiSettings? settings = null) => TestApi.StartAsync(
        services =>
        {
            services.AddAuthentication().AddJwksBearer(options =>
            {
                options.EncryptionAlgorithms = ["ECDH-ES", "RSA-OAEP-256"];
                configure?.Invoke(options);
            });
            services.TrustFakeJwksServer(_issuer);
            if (withKeyRing)
                services.AddJwksKeyRing(options => options.Keys.Add(new JwksPrivateKey { Pem = TestKeys.Pem(TestKeys.Ec) }));
        },
        settings);

    private Task<TestApi> StartAsync(CountingDecryptor decryptor) => TestApi.StartAsync(services =>
    {
        services.AddSingleton<IJwksDecryptor>(decryptor);
        services.AddAuthentication().AddJwksBearer(options => (options.EncryptionAlgorithms, options.MapInboundClaims) = (["ECDH-ES"], false));
        services.TrustFakeJwksServer(_issuer);
    });

    private sealed class CountingDecryptor : IJwksDecryptor
    {
        public string Content { get; set; } = "";

        public int Count { get; private set; }

        public ValueTask<JwksDecryption> DecryptAsync(JwksEncryptedToken token, CancellationToken cancellationToken)
        {
            Count++;
            return new(JwksDecryption.Decrypted(Encoding.ASCII.GetBytes(Content)));
        }
    }
}
