using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tests.Bearer;

/// <summary>Keys from configuration: PEM, certificate and inline JWKS, which need no request; also beside a remote set.</summary>
public sealed class FixedKeyTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private FakeJwksServer _issuer = null!;

    public async Task InitializeAsync() => _issuer = await TestIssuer.StartAsync(_clock);

    public Task DisposeAsync() => _issuer.DisposeAsync().AsTask();

    [Theory]
    [InlineData("key-1", HttpStatusCode.OK)]
    [InlineData("", HttpStatusCode.OK)]
    [InlineData(null, HttpStatusCode.OK)]
    [InlineData("wrong", HttpStatusCode.Unauthorized)]
    public async Task A_PEM_key_verifies_tokens_of_its_kid_or_of_any_kid(string? keyId, HttpStatusCode expected)
    {
        await using var api = await StartAsync(new JwksVerificationKey { Pem = _issuer.CurrentKey.ExportPublicKeyPem(), KeyId = keyId });

        Assert.Equal(expected, await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Empty(_issuer.Requests);
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS384")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public async Task A_key_of_each_family_verifies_as_PEM_and_as_inline_JWKS(string algorithm)
    {
        _issuer.ReplaceAll(algorithm);
        await using var pem = await StartAsync(new JwksVerificationKey { Pem = _issuer.CurrentKey.ExportPublicKeyPem() });
        await using var inline = await StartAsync(options => options.Jwks = JwksOf(_issuer.CurrentKey));

        Assert.Equal(HttpStatusCode.OK, await pem.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(HttpStatusCode.OK, await inline.GetStatusAsync(_issuer.CreateToken()));
        Assert.Empty(_issuer.Requests);
    }

    [Fact]
    public async Task A_PEM_key_may_be_bound_to_one_algorithm()
    {
        var key = FakeSigningKey.Create("RS256");
        await using var api = await StartAsync(new JwksVerificationKey { Pem = key.ExportPublicKeyPem(), Algorithm = "RS256" });

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken(token => token.SignedBy(key))));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(_issuer.CreateToken(token => token.SignedBy(key).WithAlgorithm("PS256"))));
    }

    [Fact]
    public async Task Bare_base64_and_a_file_contain_the_same_key()
    {
        var pem = _issuer.CurrentKey.ExportPublicKeyPem();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, pem);
        await using var bare = await StartAsync(new JwksVerificationKey { Pem = string.Concat(pem.Split('\n').Where(line => !line.StartsWith('-'))) });
        await using var fromFile = await StartAsync(new JwksVerificationKey { PemFile = file });
        File.Delete(file);

        Assert.Equal(HttpStatusCode.OK, await bare.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(HttpStatusCode.OK, await fromFile.GetStatusAsync(_issuer.CreateToken()));
    }

    [Fact]
    public async Task A_certificate_and_a_PKCS1_key_contain_the_same_key()
    {
        using var rsa = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=issuer", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(_clock.GetUtcNow(), _clock.GetUtcNow().AddDays(1));
        var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = _issuer.Issuer,
            Audience = "api",
            IssuedAt = _clock.GetUtcNow().UtcDateTime,
            NotBefore = _clock.GetUtcNow().UtcDateTime,
            Expires = _clock.GetUtcNow().AddMinutes(1).UtcDateTime,
            Claims = new Dictionary<string, object> { ["sub"] = "user-1" },
            SigningCredentials = new SigningCredentials(new RsaSecurityKey(rsa), "RS256"),
        });

        foreach (var pem in new[] { certificate.ExportCertificatePem(), rsa.ExportRSAPublicKeyPem() })
        {
            await using var api = await StartAsync(new JwksVerificationKey { Pem = pem });
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_rotated_key_is_always_refused(bool isNamed)
    {
        await using var api = await StartAsync(new JwksVerificationKey { Pem = _issuer.CurrentKey.ExportPublicKeyPem(), KeyId = isNamed ? _issuer.CurrentKey.KeyId : null });
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
        _issuer.RotateKey();

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(_issuer.CreateToken()));
        _clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Empty(_issuer.Requests);
    }

    [Fact]
    public async Task An_inline_jwks_verifies_by_each_of_its_keys()
    {
        var other = FakeSigningKey.Create("ES384");
        await using var api = await StartAsync(options => options.Jwks = JwksOf(_issuer.CurrentKey, other));

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken(token => token.SignedBy(other))));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(_issuer.CreateToken(token => token.SignedBy(FakeSigningKey.Create("ES256")))));
        Assert.Empty(_issuer.Requests);
    }

    [Fact]
    public async Task Of_two_keys_under_one_kid_the_one_of_the_right_alg_verifies()
    {
        var (first, second) = (FakeSigningKey.Create("ES256", "same"), FakeSigningKey.Create("ES384", "same"));
        await using var api = await StartAsync(options => options.Jwks = JwksOf(first, second));

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken(token => token.SignedBy(first))));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken(token => token.SignedBy(second))));
    }

    [Fact]
    public async Task Keys_that_code_sets_in_the_parameters_are_used()
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(_issuer.CurrentKey.ExportPublicKeyPem());
        await using var api = await StartAsync(options => options.TokenValidationParameters.IssuerSigningKey = new ECDsaSecurityKey(key));

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Empty(_issuer.Requests);
    }

    [Fact]
    public async Task Fixed_and_fetched_keys_work_side_by_side()
    {
        var unpublished = FakeSigningKey.Create("ES256", "unpublished");
        await using var api = await StartAsync(options =>
        {
            options.JwksUri = _issuer.JwksUri;
            options.SigningKeys.Add(new JwksVerificationKey { Pem = unpublished.ExportPublicKeyPem(), KeyId = unpublished.KeyId });
        });
        await api.FetchesEndAsync();

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken(token => token.SignedBy(unpublished))));
        Assert.Equal(1, _issuer.JwksRequestCount);

        await api.AdvanceAsync(_clock, TimeSpan.FromSeconds(10));
        _issuer.RotateKey();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(2, _issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_fixed_key_works_while_the_remote_set_is_unavailable()
    {
        var pinned = FakeSigningKey.Create("ES256", "pinned");
        await _issuer.StopAsync();
        await using var api = await StartAsync(options =>
        {
            options.JwksUri = _issuer.JwksUri;
            options.SigningKeys.Add(new JwksVerificationKey { Pem = pinned.ExportPublicKeyPem(), KeyId = pinned.KeyId });
        });

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken(token => token.SignedBy(pinned))));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(_issuer.CreateToken()));
    }

    [Fact]
    public async Task A_fixed_key_waits_for_the_metadata_that_names_the_issuer()
    {
        var key = FakeSigningKey.Create("ES256", "fixed");
        _issuer.OpenIdConfiguration.Respond(FakeResponse.Status(500));
        await using var api = await StartAsync(options =>
        {
            (options.Issuer, options.Authority) = (null, _issuer.Issuer);
            options.SigningKeys.Add(new JwksVerificationKey { Pem = key.ExportPublicKeyPem(), KeyId = "fixed" });
        });
        var token = _issuer.CreateToken(token => token.SignedBy(key));
        Assert.Equal("503", await api.GetChallengeAsync(token));

        _issuer.Reset();
        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(_issuer.CreateToken(token => token.SignedBy(key).WithIssuer("https://other.test"))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_fixed_key_verifies_under_a_kid_that_the_issuer_publishes_too(bool hasKeyId)
    {
        var twin = FakeSigningKey.Create("ES256", _issuer.CurrentKey.KeyId);
        await using var api = await StartAsync(options =>
        {
            options.JwksUri = _issuer.JwksUri;
            options.SigningKeys.Add(new JwksVerificationKey { Pem = twin.ExportPublicKeyPem(), KeyId = hasKeyId ? twin.KeyId : null });
        });

        // Before the issuer's keys are known, and after.
        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken(token => token.SignedBy(twin))));
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(_issuer.CreateToken(token => token.WithWrongSignature())));
        Assert.Equal(1, _issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_key_that_the_issuer_publishes_later_verifies_under_the_kid_of_a_fixed_one()
    {
        var twin = FakeSigningKey.Create("ES256", "twin");
        await using var api = await StartAsync(options =>
        {
            options.JwksUri = _issuer.JwksUri;
            options.SigningKeys.Add(new JwksVerificationKey { Pem = twin.ExportPublicKeyPem(), KeyId = "twin" });
        });
        await api.FetchesEndAsync();

        _issuer.RotateKey(kid: "twin");

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken(token => token.SignedBy(twin))));
        Assert.Equal(2, _issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_token_with_the_kid_of_a_fixed_key_cannot_be_judged_while_the_issuers_keys_are_unavailable()
    {
        var twin = FakeSigningKey.Create("ES256", _issuer.CurrentKey.KeyId);
        await _issuer.StopAsync();
        await using var api = await StartAsync(options =>
        {
            options.JwksUri = _issuer.JwksUri;
            options.SigningKeys.Add(new JwksVerificationKey { Pem = twin.ExportPublicKeyPem(), KeyId = twin.KeyId });
        });

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken(token => token.SignedBy(twin))));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(_issuer.CreateToken()));
    }

    private static string JwksOf(params FakeSigningKey[] keys) =>
        $$"""{"keys":[{{string.Join(',', keys.Select(key => key.ToJwk().ToJsonString()))}}]}""";

    private Task<TestApi> StartAsync(JwksVerificationKey key) => StartAsync(options => options.SigningKeys.Add(key));

    private Task<TestApi> StartAsync(Action<JwksBearerOptions> configure) => TestApi.StartAsync(services => services.AddAuthentication().AddJwksBearer(options =>
    {
        options.Issuer = _issuer.Issuer;
        options.Audience = _issuer.Audience;
        options.BackchannelHttpHandler = _issuer.CreateHandler();
        options.TimeProvider = _clock;
        configure(options);
    }));
}
