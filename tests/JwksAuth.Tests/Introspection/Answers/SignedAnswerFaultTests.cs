using System.Security.Cryptography;
using System.Text.Json.Nodes;
using JwksAuth.Testing;
using JwksAuth.Tests.OwnKeys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Tests.Introspection.Answers;

/// <summary>The log tells the operator what is wrong with a signed answer; the caller learns nothing.</summary>
public sealed class SignedAnswerFaultTests : IAsyncLifetime
{
    private const string Unconfirmed = "401 Bearer error=\"invalid_token\", error_description=\"The token could not be confirmed\"";

    private readonly FakeClock _clock = new();
    private readonly RecordedLog _log = new();
    private FakeJwksServer _server = null!;

    public async Task InitializeAsync() => _server = await IntrospectionApi.StartServerAsync(_clock);

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _log.Dispose();
    }

    [Theory]
    [InlineData("no signature", "the response is not a signed JWT")]
    [InlineData("extension", "the header of the response requires an unsupported extension")]
    [InlineData("other type", "the type of the response is not token-introspection+jwt")]
    [InlineData("no type", "the type of the response is not token-introspection+jwt")]
    [InlineData("long kid", "the key identifier of the response is too long")]
    [InlineData("wrong signature", "the signature of the response is invalid")]
    [InlineData("unknown kid", "the key that signed the response is unknown")]
    [InlineData("other issuer", "the response is from another issuer")]
    [InlineData("no issuer", "the response is from another issuer")]
    [InlineData("other audience", "the response is for another audience: see ResponseAudience")]
    [InlineData("exp is text", "the member 'exp' of the signed response is not a number")]
    [InlineData("nbf is text", "the member 'nbf' of the signed response is not a number")]
    [InlineData("old", "the response is too old, or dated in the future")]
    [InlineData("no iat", "the response is too old, or dated in the future")]
    [InlineData("nothing inside", "the response has no token_introspection")]
    [InlineData("text inside", "the response has no token_introspection")]
    [InlineData("truncated", "the payload of the response")]
    [InlineData("active is text", "the response has no member 'active'")]
    public async Task Each_fault_of_a_signed_answer_is_named(string way, string fault)
    {
        await using var api = await IntrospectionApi.StartSignedAsync(_server, settings: IntrospectionApi.Logging(_log));
        _server.Introspection.CustomizeSignedAnswer(answer => Spoil(answer, way));

        Assert.Equal(Unconfirmed, await api.GetChallengeAsync(_server.Introspection.CreateToken()));
        Assert.Contains(fault, Assert.Single(_log.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"active":true,"aud":"api","client_id":"c"}""", "application/json", "the response is not signed")]
    [InlineData("""{"active":null}""", "application/json", "the response is not signed")]
    [InlineData("[false]", "application/json", "the response is not signed")]
    [InlineData("a.b.c", "application/jwt", "the response is not signed")]
    public async Task An_answer_that_is_not_signed_is_named(string body, string mediaType, string fault)
    {
        await using var api = await IntrospectionApi.StartSignedAsync(_server, settings: IntrospectionApi.Logging(_log));
        _server.Introspection.Endpoint.Respond(FakeResponse.Text(body, mediaType));

        Assert.Equal(Unconfirmed, await api.GetChallengeAsync("token"));
        Assert.Contains(fault, Assert.Single(_log.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, "the response is not an encrypted JWT, which EncryptedResponseAlg requires")]
    [InlineData("RSA-OAEP-256", null, "the response is not encrypted with EncryptedResponseAlg and EncryptedResponseEnc")]
    [InlineData("RSA-OAEP", "other key", "the key ring cannot decrypt the response")]
    [InlineData("RSA-OAEP", null, "the response is not a signed JWT")]
    public async Task Each_fault_of_an_encrypted_answer_is_named(string? algorithm, string? fault, string expected)
    {
        await using var api = await StartEncryptedAsync();
        var key = fault == "other key" ? TestKeys.OtherRsa : TestKeys.Rsa;
        var text = algorithm is null ? "a.b" : Encrypt(key, algorithm, "a.b");
        _server.Introspection.Endpoint.Respond(FakeResponse.Text(text, "application/token-introspection+jwt"));

        Assert.Equal(Unconfirmed, await api.GetChallengeAsync("token"));
        Assert.Contains(expected, Assert.Single(_log.Errors), StringComparison.Ordinal);
    }

    private static FakeToken Spoil(FakeToken answer, string way) => way switch
    {
        "no signature" => answer.WithoutSignature(),
        "extension" => answer.WithHeader("crit", new JsonArray("x")),
        "other type" => answer.WithType("JWT"),
        "no type" => answer.WithType(null),
        "long kid" => answer.WithKeyId(new string('k', 300)),
        "wrong signature" => answer.WithWrongSignature(),
        "unknown kid" => answer.WithUnknownKeyId(),
        "other issuer" => answer.WithIssuer("https://other.test"),
        "no issuer" => answer.WithoutClaim("iss"),
        "other audience" => answer.WithAudience("other"),
        "exp is text" => answer.WithClaim("exp", "4102444800"),
        "nbf is text" => answer.WithClaim("nbf", "0"),
        "old" => answer.WithIssuedAt(DateTimeOffset.UnixEpoch),
        "no iat" => answer.WithoutClaim("iat"),
        "nothing inside" => answer.WithoutClaim("token_introspection"),
        "text inside" => answer.WithClaim("token_introspection", "{\"active\":true}"),
        "truncated" => answer.WithRawPayload("{\"iss\":\"https://issuer.t"),
        "active is text" => answer.WithClaim("token_introspection", new JsonObject { ["active"] = "true" }),
        _ => throw new ArgumentOutOfRangeException(nameof(way), way, null),
    };

    private static string Encrypt(RSA key, string algorithm, string text) => new FakeEncryption(TestKeys.PublicJwk(key)) { Algorithm = algorithm }.Encrypt(text);

    private Task<TestApi> StartEncryptedAsync() => TestApi.StartAsync(
        services =>
        {
            services.AddJwksKeyRing(ring => ring.Keys.Add(new JwksPrivateKey { Pem = TestKeys.Pem(TestKeys.Rsa) }));
            services.AddAuthentication(JwksAuthDefaults.IntrospectionScheme).AddJwksIntrospection(options =>
            {
                options.ResponseFormat = JwksIntrospectionFormat.Jwt;
                options.SignedResponseAlg = ["ES256"];
                (options.EncryptedResponseAlg, options.EncryptedResponseEnc) = ("RSA-OAEP", "A256GCM");
            });
            services.TrustFakeIntrospection(_server);
        },
        new TestApiSettings { Logging = logging => logging.AddProvider(_log) });
}
