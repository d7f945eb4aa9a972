using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tests.Bearer;

/// <summary>Bearer tokens at an API with its own signature verifier.</summary>
public sealed class OwnVerifierTests : IAsyncLifetime
{
    private const string BadSignature = "401 Bearer error=\"invalid_token\", error_description=\"The signature of the token is invalid\"";

    private readonly FakeClock _clock = new();
    private readonly FakeVerifier _verifier = new();
    private readonly RecordedLog _log = new();
    private FakeJwksServer _issuer = null!;

    public static TheoryData<string, Func<FakeJwksServer, string>> NotOurs => new()
    {
        { "malformed", _ => "a.b.c" },
        { "no signature", issuer => issuer.CreateToken(token => token.WithoutSignature()) },
        { "alg none", issuer => issuer.CreateToken(token => token.WithAlgorithmNone()) },
        { "algorithm confusion", issuer => issuer.CreateToken(token => token.SignedWithPublicKey()) },
        { "algorithm that is not accepted", issuer => issuer.CreateToken(token => token.SignedBy(issuer.PublishAhead("ES384"))) },
        { "algorithm of another key", issuer => issuer.CreateToken(token => token.WithHeader("alg", "RS256")) },
        { "unknown kid", issuer => issuer.CreateToken(token => token.WithUnknownKeyId()) },
        { "kid too long", issuer => issuer.CreateToken(token => token.WithKeyId(new string('k', 300))) },
        { "critical extension", issuer => issuer.CreateToken(token => token.WithHeader("crit", new JsonArray("x"))) },
        { "other type", issuer => issuer.CreateToken(token => token.WithType("logout+jwt")) },
        { "other issuer", issuer => issuer.CreateToken(token => token.WithIssuer("https://other.test")) },
        { "other audience", issuer => issuer.CreateToken(token => token.WithAudience("other")) },
        { "expired", issuer => issuer.CreateToken(token => token.Expired()) },
        { "signature too short", issuer => WithSignature(issuer.CreateToken(), 63) },
        { "signature too long", issuer => WithSignature(issuer.CreateToken(), 65) },
    };

    public async Task InitializeAsync() => _issuer = await TestIssuer.StartAsync(_clock);

    public async Task DisposeAsync()
    {
        _log.Dispose();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task The_verifier_decides_and_the_platform_is_not_used()
    {
        await using var api = await StartAsync();

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken(token => token.WithWrongSignature())));
        _verifier.Judge = _ => false;
        Assert.Equal(BadSignature, await api.GetChallengeAsync(_issuer.CreateToken(token => token.WithSubject("user-2"))));
    }

    [Fact]
    public async Task The_verifier_gets_key_algorithm_input_and_signature()
    {
        await using var api = await StartAsync();
        var (first, second) = (_issuer.CreateToken(), _issuer.CreateToken(token => token.WithSubject("user-2")));
        await api.GetStatusAsync(first);
        await api.Manager.RefreshAsync();
        await api.GetStatusAsync(second);

        Assert.Equal([first, second], _verifier.Questions.Select(question => $"{question.SigningInput}.{Base64Url.EncodeToString(question.Signature)}"));
        Assert.All(_verifier.Questions, question => Assert.Equal("ES256", question.Algorithm));
        var key = Assert.IsType<ECDsaSecurityKey>(Assert.Single(_verifier.Questions.Select(question => question.Key).Distinct()));
        Assert.Equal(_issuer.CurrentKey.KeyId, key.KeyId);
        Assert.ThrowsAny<CryptographicException>(() => key.ECDsa.ExportParameters(includePrivateParameters: true));
    }

    [SkippableFact]
    public async Task The_verifier_is_not_called_for_a_cached_token()
    {
        Skip.IfNot(TestApi.RemembersTokens, "The token cache is off.");
        await using var api = await StartAsync();
        var token = _issuer.CreateToken();

        // A token is cached from its second use on.
        for (var count = 0; count < 5; count++)
            Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
        Assert.Equal(2, _verifier.Questions.Count);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken(other => other.WithSubject("user-2"))));
        Assert.Equal(3, _verifier.Questions.Count);
    }

    [Fact]
    public async Task The_verifier_is_called_again_for_a_token_that_it_refused()
    {
        await using var api = await StartAsync();
        var token = _issuer.CreateToken();
        _verifier.Judge = _ => false;
        Assert.Equal(BadSignature, await api.GetChallengeAsync(token));

        _verifier.Judge = _ => true;
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
    }

    [Theory]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(OperationCanceledException))]
    public async Task A_verifier_that_throws_is_answered_with_503_and_accepts_no_token(Type exception)
    {
        await using var api = await StartAsync();
        var token = _issuer.CreateToken();
        _verifier.Judge = _ => throw (Exception)Activator.CreateInstance(exception, "The library is out of order.")!;

        using var response = await api.SendAsync(token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Empty(response.Headers.WwwAuthenticate);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(token));
        Assert.Equal("The signature verifier failed; signatures that could not be judged: 1", Assert.Single(_log.Errors));

        _verifier.Judge = _ => true;
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
    }

    [Fact]
    public async Task A_verifier_that_throws_causes_no_other_key_to_be_tried_and_no_fetch()
    {
        await using var api = await StartAsync(options => (options.RefetchOnBadSignature, options.TrySeveralKeysWithoutKeyId) = (true, true));
        _issuer.PublishAhead("ES256");
        await api.Manager.RefreshAsync();
        _clock.Advance(TimeSpan.FromSeconds(10));
        var fetches = _issuer.JwksRequestCount;
        _verifier.Judge = _ => _verifier.Questions.Count > 1 ? true : throw new InvalidOperationException();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(_issuer.CreateToken(token => token.WithKeyId(null))));
        Assert.Single(_verifier.Questions);
        _verifier.Judge = _ => throw new InvalidOperationException();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(fetches, _issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_verifier_that_throws_for_a_key_that_was_just_fetched_accepts_no_token()
    {
        await using var api = await StartAsync(options => options.RefetchOnBadSignature = true);
        await api.Manager.RefreshAsync();
        _clock.Advance(TimeSpan.FromSeconds(10));
        _issuer.ReplaceAll("ES256", _issuer.CurrentKey.KeyId);
        _verifier.Judge = _ => _verifier.Questions.Count == 1 ? false : throw new InvalidOperationException();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.Equal(2, _verifier.Questions.Count);
    }

    [Theory]
    [MemberData(nameof(NotOurs))]
    public async Task The_verifier_is_never_called_for_a_token_that_cannot_pass(string fault, Func<FakeJwksServer, string> create)
    {
        await using var api = await StartAsync(options => options.Algorithms = ["ES256", "RS256"]);
        var token = create(_issuer);
        await api.Manager.RefreshAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(token));
        Assert.True(_verifier.Questions.Count == 0, fault);
    }

    [Fact]
    public async Task An_RSA_signature_must_be_as_long_as_its_key()
    {
        await using var issuer = await FakeJwksServer.StartInProcessAsync(new FakeJwksServerOptions { TimeProvider = _clock, Algorithm = "RS256" });
        await using var api = await StartAsync(issuer: issuer);

        Assert.Equal(BadSignature, await api.GetChallengeAsync(WithSignature(issuer.CreateToken(), 255)));
        Assert.Equal(BadSignature, await api.GetChallengeAsync(WithSignature(issuer.CreateToken(), 257)));
        Assert.Empty(_verifier.Questions);
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(WithSignature(issuer.CreateToken(), 256)));
        Assert.IsType<RsaSecurityKey>(Assert.Single(_verifier.Questions).Key);
    }

    [Fact]
    public async Task Delegates_of_the_application_run_after_the_verifier_and_the_platform_is_not_used()
    {
        var accepts = true;
        var keys = new List<SecurityKey>();
        await using var api = await StartAsync(options =>
        {
            options.TokenValidationParameters.AlgorithmValidator = (algorithm, key, _, _) =>
            {
                keys.Add(key);
                return accepts && algorithm == "ES256";
            };
            options.TokenValidationParameters.IssuerSigningKeyValidator = (key, _, _) =>
            {
                keys.Add(key);
                return true;
            };
        });
        var token = _issuer.CreateToken(token => token.WithWrongSignature());

        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
        Assert.Equal([_verifier.Questions.Single().Key, _verifier.Questions.Single().Key], keys);
        accepts = false;
        Assert.Equal("401 Bearer error=\"invalid_token\", error_description=\"The token was refused\"", await api.GetChallengeAsync(token));
        _verifier.Judge = _ => false;
        Assert.Equal(BadSignature, await api.GetChallengeAsync(token));
        Assert.Equal(3, keys.Count);
    }

    [Fact]
    public async Task The_verifier_verifies_an_actor_token_too()
    {
        await using var api = await StartAsync(options => options.TokenValidationParameters.ValidateActor = true);
        var actor = _issuer.CreateToken(token => token.WithSubject("actor").WithWrongSignature());
        var token = _issuer.CreateToken(token => token.WithClaim("actort", actor));
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(token));
        Assert.Equal(2, _verifier.Questions.Count);

        _verifier.Judge = question => !actor.StartsWith(question.SigningInput, StringComparison.Ordinal);
        Assert.Equal("401 Bearer error=\"invalid_token\", error_description=\"The token was refused\"", await api.GetChallengeAsync(token));
    }

    [Fact]
    public async Task Code_without_a_request_gets_the_same_verdict()
    {
        await using var api = await StartAsync();
        var validator = api.Services.GetRequiredService<IJwksTokenValidator>();
        var token = _issuer.CreateToken(token => token.WithWrongSignature());

        _verifier.Judge = _ => throw new InvalidOperationException();
        Assert.Equal(JwksTokenFailure.KeysUnavailable, (await validator.ValidateAsync(token)).Failure);
        _verifier.Judge = _ => false;
        Assert.Equal(JwksTokenFailure.Signature, (await validator.ValidateAsync(token)).Failure);
        _verifier.Judge = _ => true;
        Assert.True((await validator.ValidateAsync(token)).IsValid);
    }

    private static string WithSignature(string token, int length) =>
        $"{token[..token.LastIndexOf('.')]}.{Base64Url.EncodeToString(new byte[length])}";

    private Task<TestApi> StartAsync(Action<JwksBearerOptions>? configure = null, FakeJwksServer? issuer = null) => TestApi.StartAsync(
        services =>
        {
            services.AddSingleton<IJwksSignatureVerifier>(_verifier);
            services.AddSingleton<TimeProvider>(_clock);
            services.AddAuthentication().AddJwksBearer(options => configure?.Invoke(options));
            services.TrustFakeJwksServer(issuer ?? _issuer);
        },
        new TestApiSettings { Logging = logging => logging.AddProvider(_log) });
}
