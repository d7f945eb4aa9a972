using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using JwksAuth.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tests.Testing;

public sealed class FakeTokenTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private FakeJwksServer _server = null!;

    public async Task InitializeAsync() => _server = await FakeServerFixtures.StartAsync(inProcess: true, _clock);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public void A_token_is_a_valid_access_token_by_default()
    {
        var now = _clock.GetUtcNow().ToUnixTimeSeconds();

        var token = _server.CreateToken();

        var claims = Payload(token);
        Assert.NotEmpty((string)claims["jti"]!);
        claims.Remove("jti");
        AssertJson(
            $$"""
            {
              "iss": "https://issuer.test", "aud": "api", "sub": "user-1", "client_id": "client-1",
              "iat": {{now}}, "nbf": {{now}}, "exp": {{now + 600}}
            }
            """,
            claims);
        AssertJson("""{ "typ": "at+jwt", "alg": "ES256", "kid": "key-1" }""", Header(token));
    }

    [Fact]
    public void Two_tokens_differ() => Assert.NotEqual(Payload(_server.CreateToken())["jti"]!.ToString(), Payload(_server.CreateToken())["jti"]!.ToString());

    [Theory]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    [InlineData("PS384")]
    [InlineData("PS512")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public async Task A_token_of_every_algorithm_is_verified_with_the_published_key(string alg)
    {
        _server.RotateKey(alg);

        Assert.True(await VerifiesAsync(_server.CreateToken()));
        Assert.Equal(alg, (string?)Header(_server.CreateToken())["alg"]);
    }

    [Fact]
    public void Every_claim_has_its_setter()
    {
        var now = _clock.GetUtcNow();

        var claims = Payload(_server.CreateToken(token => token
            .WithIssuer("https://other.test")
            .WithSubject("alice")
            .WithAudience("a", "b")
            .WithScope("read", "write")
            .WithIssuedAt(now.AddSeconds(1))
            .WithNotBefore(now.AddSeconds(2))
            .WithLifetime(TimeSpan.FromSeconds(3))
            .WithClaim("tenant", 42)
            .WithClaim("admin", true)
            .WithClaim("nothing", null)
            .WithClaim("address", new JsonObject { ["country"] = "DE" })
            .WithoutClaim("jti")
            .WithoutClaim("client_id")));

        var seconds = now.ToUnixTimeSeconds();
        AssertJson(
            $$"""
            {
              "iss": "https://other.test", "aud": ["a", "b"], "sub": "alice", "scope": "read write",
              "iat": {{seconds + 1}}, "nbf": {{seconds + 2}}, "exp": {{seconds + 3}},
              "tenant": 42, "admin": true, "nothing": null, "address": { "country": "DE" }
            }
            """,
            claims);
    }

    [Fact]
    public void One_audience_is_a_string() => Assert.Equal("a", (string?)Payload(_server.CreateToken(token => token.WithAudience("a")))["aud"]);

    [Fact]
    public void An_expired_token_ended_an_hour_ago()
    {
        var claims = Payload(_server.CreateToken(token => token.Expired()));

        Assert.Equal(_clock.GetUtcNow().AddHours(-1).ToUnixTimeSeconds(), (long)claims["exp"]!);
        Assert.True((long)claims["nbf"]! < (long)claims["exp"]!);
    }

    [Fact]
    public void Every_header_member_can_be_set_and_omitted()
    {
        var header = Header(_server.CreateToken(token => token
            .WithType("JWT").WithKeyId("other").WithHeader("crit", new JsonArray("exp")).WithoutHeader("alg")));

        AssertJson("""{ "typ": "JWT", "kid": "other", "crit": ["exp"] }""", header);
        AssertJson("""{ "alg": "ES256" }""", Header(_server.CreateToken(token => token.WithType(null).WithKeyId(null))));
    }

    [Fact]
    public async Task Any_key_can_sign_one_token()
    {
        var stranger = FakeSigningKey.Create("ES384", "stranger");

        var token = _server.CreateToken(token => token.SignedBy(stranger));

        AssertJson("""{ "typ": "at+jwt", "alg": "ES384", "kid": "stranger" }""", Header(token));
        Assert.False(await VerifiesAsync(token));
        _server.Publish(stranger);
        Assert.True(await VerifiesAsync(token));
    }

    [Fact]
    public async Task An_RSA_key_signs_with_another_algorithm_of_its_family()
    {
        _server.RotateKey("RS256").CustomizeJwk(jwk => jwk.Remove("alg"));

        var token = _server.CreateToken(token => token.WithAlgorithm("PS512"));

        Assert.Equal("PS512", (string?)Header(token)["alg"]);
        Assert.True(await VerifiesAsync(token));
    }

    [Theory]
    [InlineData("ES256", "RS256")]
    [InlineData("RS256", "ES256")]
    public void A_key_refuses_the_algorithms_of_another_key_type(string key, string alg)
    {
        _server.RotateKey(key);

        Assert.Throws<InvalidOperationException>(() => _server.CreateToken(token => token.WithAlgorithm(alg)));
    }

    [Fact]
    public async Task A_wrong_signature_has_the_right_form()
    {
        var token = _server.CreateToken(token => token.WithWrongSignature());

        Assert.Equal(64, SignatureOf(token).Length);
        Assert.False(await VerifiesAsync(token));
    }

    [Fact]
    public void A_signature_can_be_removed()
    {
        var stripped = _server.CreateToken(token => token.WithoutSignature());
        var unsecured = _server.CreateToken(token => token.WithAlgorithmNone());

        Assert.EndsWith(".", stripped, StringComparison.Ordinal);
        Assert.Equal("ES256", (string?)Header(stripped)["alg"]);
        Assert.EndsWith(".", unsecured, StringComparison.Ordinal);
        Assert.Equal("none", (string?)Header(unsecured)["alg"]);
    }

    [Fact]
    public void Algorithm_confusion_signs_with_the_public_key_as_a_secret()
    {
        var token = _server.CreateToken(token => token.SignedWithPublicKey());

        var secret = Encoding.ASCII.GetBytes(_server.CurrentKey.ExportPublicKeyPem());
        var signingInput = Encoding.ASCII.GetBytes(token[..token.LastIndexOf('.')]);
        Assert.Equal("HS256", (string?)Header(token)["alg"]);
        Assert.Equal(HMACSHA256.HashData(secret, signingInput), SignatureOf(token));
    }

    [Fact]
    public async Task An_unknown_kid_is_random()
    {
        var first = Header(_server.CreateToken(token => token.WithUnknownKeyId()))["kid"]!.ToString();
        var second = _server.CreateToken(token => token.WithUnknownKeyId());

        Assert.NotEqual(first, Header(second)["kid"]!.ToString());
        Assert.False(await VerifiesAsync(second));
    }

    [Fact]
    public async Task A_DER_signature_is_valid_but_in_the_wrong_form()
    {
        var token = _server.CreateToken(token => token.WithDerSignature());

        using var ecdsa = ECDsa.Create();
        ecdsa.ImportFromPem(_server.CurrentKey.ExportPublicKeyPem());
        var signingInput = Encoding.ASCII.GetBytes(token[..token.LastIndexOf('.')]);
        Assert.True(ecdsa.VerifyData(signingInput, SignatureOf(token), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        Assert.False(await VerifiesAsync(token));
    }

    [Fact]
    public async Task Raw_text_is_signed_as_it_is()
    {
        const string Header = """{"alg":"ES256","kid":"key-1","alg":"ES256"}""";
        const string Payload = """{"sub":"a","sub":"b"}""";

        var token = _server.CreateToken(token => token.WithRawHeader(Header).WithRawPayload(Payload));

        Assert.Equal([Header, Payload], token.Split('.').Take(2).Select(part => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(part))));
        Assert.True(await VerifiesAsync(token));
    }

    [Fact]
    public async Task Tokens_may_be_created_concurrently()
    {
        var tokens = new string[200];

        await Parallel.ForAsync(0, tokens.Length, (i, _) =>
        {
            tokens[i] = _server.CreateToken();
            return ValueTask.CompletedTask;
        });

        foreach (var token in tokens)
        {
            Assert.True(await VerifiesAsync(token));
        }
    }

    private static JsonObject Header(string token) => Part(token, 0);

    private static JsonObject Payload(string token) => Part(token, 1);

    private static JsonObject Part(string token, int index) =>
        JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[index]))!.AsObject();

    private static byte[] SignatureOf(string token) => Base64Url.DecodeFromChars(token.Split('.')[2]);

    private static void AssertJson(string expected, JsonNode actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual.ToJsonString());

    /// <summary>Whether the signature verifies with the published keys, according to Microsoft's handler. Claims are not checked.</summary>
    private async Task<bool> VerifiesAsync(string token)
    {
        using var client = _server.CreateClient();
        var keys = new JsonWebKeySet(await client.GetStringAsync(_server.JwksUri)).GetSigningKeys();
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKeys = keys,
            TryAllIssuerSigningKeys = false,
            ValidateIssuer = false,
            ValidateAudience = false,
            ValidateLifetime = false,
        });
        return result.IsValid;
    }
}
