using System.Buffers.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tests.Access.Binding;

/// <summary>The key of a DPoP proof, which its sender chooses.</summary>
public class DpopKeyTests
{
    private const string IllFormed = "The DPoP proof is malformed or its signature is invalid";

    public static TheoryData<int, string, bool> Moduli => new()
    {
        { 2048, "AQAB", true },
        { 4096, "AQAB", true },
        { 4096, "AAAAAAEAAQ", true },
        { 4096, "_____w", true },
        { 4096, "AQAAAAE", false },
        { 4096, "__________8", false },
        { 4104, "AQAB", false },
        { 16384, "AQAB", false },
        { 2040, "AQAB", false },
    };

    [Fact]
    public async Task The_signature_of_a_proof_by_another_key_is_not_checked()
    {
        var verifier = new FakeVerifier();
        await using var api = await DpopApi.StartAsync(options => options.DpopAlgorithms = ["ES256", "RS256"], services => services.AddSingleton<IJwksSignatureVerifier>(verifier));
        var token = api.CreateToken();
        using var ec = new DpopClient(api.Clock);
        using var rsa = new DpopClient(api.Clock, "RS256");

        foreach (var thief in (DpopClient[])[ec, rsa])
        {
            Assert.Equal(
                "401 DPoP error=\"invalid_token\", error_description=\"The token is bound to another key than the DPoP proof\", algs=\"ES256 RS256\"",
                await api.AskAsync(token, thief.CreateProof(token)));
        }

        Assert.DoesNotContain(verifier.Questions, question => question.Key.KeyId is null);
    }

    [Theory]
    [MemberData(nameof(Moduli))]
    public async Task An_RSA_key_has_at_most_4096_bits_and_an_exponent_of_at_most_32_bits(int bits, string exponent, bool passes)
    {
        var verifier = new FakeVerifier();
        await using var api = await DpopApi.StartAsync(options => options.DpopAlgorithms = ["RS256"], services => services.AddSingleton<IJwksSignatureVerifier>(verifier));
        var modulus = new byte[bits / 8];
        (modulus[0], modulus[^1]) = (0x80, 1);
        var jwk = new JsonObject { ["kty"] = "RSA", ["n"] = Base64Url.EncodeToString(modulus), ["e"] = exponent };
        using var client = new DpopClient(api.Clock, "RS256");
        var token = api.CreateToken(Base64UrlEncoder.Encode(new JsonWebKey(jwk.ToJsonString()).ComputeJwkThumbprint()));
        var proof = client.CreateProof(token, header: header => header["jwk"] = jwk);
        proof = proof[..(proof.LastIndexOf('.') + 1)] + Base64Url.EncodeToString(modulus);

        var answer = await api.AskAsync(token, proof);

        Assert.Equal(passes ? "200" : $"401 DPoP error=\"invalid_dpop_proof\", error_description=\"{IllFormed}\", algs=\"RS256\"", answer);
        Assert.Equal(passes ? 1 : 0, verifier.Questions.Count(question => question.Key.KeyId is null));
    }

    [Theory]
    [InlineData("RS256", "RS256", true)]
    [InlineData("PS256", "PS256", true)]
    [InlineData("RS256", "ES256", false)]
    [InlineData("PS256", "ES256", false)]
    [InlineData("PS256", "RS256", false)]
    [InlineData("ES256", "RS256", false)]
    public async Task A_proof_is_signed_by_an_accepted_algorithm(string algorithm, string accepted, bool passes)
    {
        await using var api = await DpopApi.StartAsync(options => options.DpopAlgorithms = [accepted]);
        using var client = new DpopClient(api.Clock, algorithm);
        var token = api.CreateToken(client.Thumbprint);

        var answer = await api.AskAsync(token, client.CreateProof(token));

        Assert.Equal(passes ? "200" : $"401 DPoP error=\"invalid_dpop_proof\", error_description=\"{IllFormed}\", algs=\"{accepted}\"", answer);
    }

    [Fact]
    public async Task The_native_key_of_a_proof_is_disposed()
    {
        var keys = new List<SecurityKey>();
        var verifier = new FakeVerifier();
        verifier.Judge = question =>
        {
            if (question.Key.KeyId is null)
                keys.Add(question.Key);
            return true;
        };
        await using var api = await DpopApi.StartAsync(configureServices: services => services.AddSingleton<IJwksSignatureVerifier>(verifier));
        var token = api.CreateToken();

        Assert.Equal("200", await api.AskAsync(token, api.Client.CreateProof(token)));
        Assert.Throws<ObjectDisposedException>(() => Assert.IsType<ECDsaSecurityKey>(Assert.Single(keys)).ECDsa.ExportParameters(includePrivateParameters: false));
    }
}
