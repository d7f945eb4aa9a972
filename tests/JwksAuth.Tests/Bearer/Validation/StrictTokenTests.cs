using System.Buffers.Text;
using System.Text;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Bearer.Validation;

/// <summary>Tokens that a lenient reader would accept: each differs from a valid one only in what its test names.</summary>
public sealed class StrictTokenTests : IAsyncLifetime
{
    private const string Malformed = "401 Bearer error=\"invalid_token\", error_description=\"The token is not a well-formed signed JWT\"";
    private const string Extension = "401 Bearer error=\"invalid_token\", error_description=\"The token uses an extension that is not supported\"";
    private const string Algorithm = "401 Bearer error=\"invalid_token\", error_description=\"The token is signed with an algorithm that is not accepted\"";
    private const string Signature = "401 Bearer error=\"invalid_token\", error_description=\"The signature of the token is invalid\"";
    private const string Encrypted = "401 Bearer error=\"invalid_token\", error_description=\"The token is encrypted, which is not accepted\"";

    private readonly FakeClock _clock = new();
    private FakeJwksServer _issuer = null!;
    private TestApi _api = null!;

    private string KeyId => _issuer.CurrentKey.KeyId;

    private string Claims => $"\"iss\":\"{_issuer.Issuer}\",\"aud\":\"{_issuer.Audience}\",\"sub\":\"user-1\",\"iat\":{Now},\"exp\":{Now + 600}";

    private long Now => _clock.GetUtcNow().ToUnixTimeSeconds();

    public async Task InitializeAsync()
    {
        _issuer = await TestIssuer.StartAsync(_clock);
        _api = await TestApi.StartAsync(_issuer);
        Assert.Equal("200", await _api.GetChallengeAsync(_issuer.CreateToken()));
    }

    public async Task DisposeAsync()
    {
        await _api.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"x5c\":[\"AA\"],\"jku\":\"https://evil.example/jwks\",\"jwk\":{\"kty\":\"oct\"}")] // an address or key in the token is ignored
    [InlineData(",\"x\":{\"crit\":1}")]
    public async Task A_header_written_by_hand_passes(string rest) => Assert.Equal("200", await SendHeaderAsync(rest));

    [Theory]
    [InlineData("")]
    [InlineData(",\"jti\":\"\\u0061\",\"exp2\":\"x\"")]
    [InlineData(",\"nested\":{\"exp\":1,\"a\":[{\"b\":null}]}")]
    [InlineData(",\"https:\\/\\/example.com\\/roles\":[\"a\"]")]
    public async Task A_payload_written_by_hand_passes(string rest) => Assert.Equal("200", await SendPayloadAsync(Claims + rest));

    [Theory]
    [InlineData(",\"crit\":[\"exp\"]")]
    [InlineData(",\"crit\":[\"b64\"],\"b64\":false")]
    [InlineData(",\"crit\":[]")]
    [InlineData(",\"b64\":false")]
    [InlineData(",\"b64\":true")]
    [InlineData(",\"zip\":\"DEF\"")]
    public async Task A_header_extension_is_refused(string rest) => Assert.Equal(Extension, await SendHeaderAsync(rest));

    [Theory]
    [InlineData(",\"alg\":\"ES256\"")]
    [InlineData(",\"alg\":\"none\"")]
    [InlineData(",\"x\":1,\"x\":1")]
    [InlineData(",\"a\\u006cg\":\"ES256\"")]
    [InlineData(",\"\\u006bid\":\"other\"")]
    [InlineData(",\"typ\":1")]
    [InlineData(",\"typ\":null")]
    [InlineData(",")]
    [InlineData("} {")]
    public async Task A_header_with_a_duplicate_or_a_member_of_the_wrong_type_is_refused(string rest) => Assert.Equal(Malformed, await SendHeaderAsync(rest));

    [Theory]
    [InlineData(",\"exp\":9999999999")]
    [InlineData(",\"e\\u0078p\":9999999999")]
    [InlineData(",\"sub\":\"admin\"")]
    [InlineData(",\"x\":1,\"x\":1")]
    [InlineData(",\"nbf\":\"0\"")]
    [InlineData(",\"n\\u0062f\":\"0\"")]
    [InlineData(",\"nbf\":null")]
    [InlineData(",\"jti\":1")]
    [InlineData(",\"x\":\"\\ud800\"")]
    [InlineData(",\"x\":01")]
    [InlineData(",\"x\":NaN")]
    [InlineData(",")]
    [InlineData("}{")]
    public async Task A_payload_with_a_duplicate_or_a_claim_of_the_wrong_type_is_refused(string rest) => Assert.Equal(Malformed, await SendPayloadAsync(Claims + rest));

    [Theory]
    [InlineData("\"iat\":", "\"iat\":\"1\",\"was\":")]
    [InlineData("\"sub\":\"user-1\"", "\"sub\":1")]
    [InlineData("\"aud\":\"", "\"aud\":{\"a\":1},\"was\":\"")]
    [InlineData("\"aud\":\"", "\"aud\":[\"api\",1],\"was\":\"")]
    [InlineData("\"iss\":\"", "\"iss\":1,\"was\":\"")]
    [InlineData("\"exp\":", "\"exp\":true,\"was\":")]
    [InlineData("\"exp\":", "\"exp\":1e999,\"was\":")]
    public async Task A_claim_of_the_wrong_type_is_refused(string claim, string replacement) =>
        Assert.Equal(Malformed, await SendPayloadAsync(Claims.Replace(claim, replacement, StringComparison.Ordinal)));

    [Fact]
    public async Task An_escaped_nbf_is_judged()
    {
        var answer = await SendPayloadAsync($"{Claims},\"n\\u0062f\":{Now + 3600}");

        Assert.Equal("401 Bearer error=\"invalid_token\", error_description=\"The token is not valid yet\"", answer);
    }

    [Theory]
    [InlineData("253402300799", "200")]
    [InlineData("253402300740", "200")]
    [InlineData("253402300799.9", Malformed)]
    [InlineData("253402300800", Malformed)]
    [InlineData("1e300", Malformed)]
    public async Task An_expiry_later_than_the_latest_date_is_judged(string exp, string expected) =>
        Assert.Equal(expected, await SendPayloadAsync(Claims.Replace($"\"exp\":{Now + 600}", $"\"exp\":{exp}", StringComparison.Ordinal)));

    [Theory]
    [InlineData("\"text\"")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("\uFEFF{}")]
    public async Task A_payload_that_is_not_an_object_is_refused(string payload) =>
        Assert.Equal(Malformed, await _api.GetChallengeAsync(_issuer.CreateToken(token => token.WithRawPayload(payload))));

    [Fact]
    public async Task The_algorithm_none_is_refused() =>
        Assert.Equal(Malformed, await _api.GetChallengeAsync(_issuer.CreateToken(token => token.WithAlgorithmNone())));

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("NONE")]
    [InlineData("HS256")]
    [InlineData("HS384")]
    [InlineData("HS512")]
    [InlineData("es256")]
    [InlineData("ES256K")]
    [InlineData("EdDSA")]
    [InlineData("RSA-OAEP")]
    [InlineData("")]
    [InlineData("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256")]
    public async Task Another_algorithm_is_refused_with_any_signature(string alg) =>
        Assert.Equal(Algorithm, await _api.GetChallengeAsync(_issuer.CreateToken(token => token.WithHeader("alg", alg))));

    [Fact]
    public async Task The_public_key_is_not_accepted_as_an_HMAC_key() =>
        Assert.Equal(Algorithm, await _api.GetChallengeAsync(_issuer.CreateToken(token => token.SignedWithPublicKey())));

    [Fact]
    public async Task A_key_in_the_token_is_not_used()
    {
        var stranger = FakeSigningKey.Create("ES256", KeyId);
        var token = _issuer.CreateToken(token => token.SignedBy(stranger).WithHeader("jwk", stranger.ToJwk()).WithHeader("jku", "https://stranger.test/jwks"));

        Assert.Equal(Signature, await _api.GetChallengeAsync(token));
        Assert.Equal(1, _issuer.JwksRequestCount);
    }

    [Fact]
    public async Task A_DER_signature_is_refused() =>
        Assert.Equal(Signature, await _api.GetChallengeAsync(_issuer.CreateToken(token => token.WithDerSignature())));

    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    [InlineData(63)]
    [InlineData(65)]
    [InlineData(128)]
    [InlineData(4096)]
    public async Task A_signature_of_another_length_is_refused(int length)
    {
        var parts = _issuer.CreateToken().Split('.');
        var signature = Base64Url.DecodeFromChars(parts[2]);
        Array.Resize(ref signature, length);

        Assert.Equal(Signature, await _api.GetChallengeAsync($"{parts[0]}.{parts[1]}.{Base64Url.EncodeToString(signature)}"));
    }

    [Fact]
    public async Task A_signature_of_zeros_is_refused()
    {
        var parts = _issuer.CreateToken().Split('.');

        Assert.Equal(Signature, await _api.GetChallengeAsync($"{parts[0]}.{parts[1]}.{Base64Url.EncodeToString(new byte[64])}"));
    }

    [Theory]
    [InlineData("{1}.{0}.{2}", Algorithm)] // claims are a JSON object without alg
    [InlineData("{0}.{2}.{1}", Malformed)]
    [InlineData("{2}.{1}.{0}", Malformed)]
    [InlineData("{0}.{0}.{2}", "401 Bearer error=\"invalid_token\", error_description=\"The token has no iss claim\"")]
    [InlineData("{0}.{1}", Malformed)]
    [InlineData("{0}.{1}.", Malformed)]
    [InlineData("{0}..{2}", Malformed)]
    [InlineData(".{1}.{2}", Malformed)]
    [InlineData("{0}.{1}.{2}.", Malformed)]
    [InlineData("{0}.{1}.{2}.{2}", Malformed)]
    [InlineData("{0}.{1}.{2}.{2}.{2}", Encrypted)]
    [InlineData("{0}=.{1}.{2}", Malformed)]
    [InlineData("{0}.{1}.{2}==", Malformed)]
    [InlineData("{0}. {1}.{2}", Malformed)]
    [InlineData("{0}.{1}\t.{2}", Malformed)]
    [InlineData("{0}.{1}.{2}+", Malformed)]
    public async Task Parts_that_are_swapped_missing_padded_or_too_many_are_refused(string form, string expected)
    {
        var parts = _issuer.CreateToken().Split('.');

        Assert.Equal(expected, await _api.GetChallengeAsync(string.Format(null, CompositeFormat.Parse(form), parts[0], parts[1], parts[2])));
    }

    [Fact]
    public async Task Another_spelling_of_the_last_signature_character_is_refused()
    {
        var token = _issuer.CreateToken();
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var last = Alphabet.IndexOf(token[^1], StringComparison.Ordinal);

        for (var unused = 1; unused < 16; unused++)
            Assert.Equal(Malformed, await _api.GetChallengeAsync(token[..^1] + Alphabet[last + unused]));
    }

    [Fact]
    public async Task A_strict_refusal_causes_no_fetch()
    {
        await SendHeaderAsync(",\"crit\":[\"exp\"]");
        await SendPayloadAsync(Claims + ",\"exp\":1");
        _clock.Advance(TimeSpan.FromSeconds(30));
        await SendHeaderAsync(",\"alg\":\"ES256\"");

        Assert.Equal(1, _issuer.JwksRequestCount);
    }

    private Task<string> SendHeaderAsync(string rest) =>
        _api.GetChallengeAsync(_issuer.CreateToken(token => token.WithRawHeader($"{{\"alg\":\"ES256\",\"kid\":\"{KeyId}\"{rest}}}")));

    private Task<string> SendPayloadAsync(string claims) => _api.GetChallengeAsync(_issuer.CreateToken(token => token.WithRawPayload($"{{{claims}}}")));
}
