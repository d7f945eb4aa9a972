using System.Text.Json.Nodes;
using JwksAuth.Jose.Encryption;
using JwksAuth.Keys;
using JwksAuth.Keys.Reading;
using JwksAuth.Testing;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tests.Keys.Reading;

public class JwkReaderTests
{
    private static readonly JsonObject Rsa = FakeSigningKey.Create("RS256", "rsa").ToJwk();
    private static readonly JsonObject Ec = FakeSigningKey.Create("ES256", "ec").ToJwk();

    [Theory]
    [InlineData("ES256", "ES256")]
    [InlineData("ES384", "ES384")]
    [InlineData("ES512", "ES512")]
    public void An_EC_key_without_alg_verifies_the_algorithm_of_its_curve(string curveOf, string expected)
    {
        var jwk = FakeSigningKey.Create(curveOf).ToJwk();
        jwk.Remove("alg");

        Assert.Equal([expected], VerificationKeys.Read(jwk).Key!.Algorithms.Select(algorithm => algorithm.NameOf()));
    }

    [Fact]
    public void An_RSA_key_without_alg_verifies_every_RSA_algorithm()
    {
        var key = VerificationKeys.Read(Changed(Rsa, "alg", null)).Key!;

        Assert.Equal(["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"], key.Algorithms.Select(algorithm => algorithm.NameOf()));
    }

    [Fact]
    public void The_alg_of_a_JWK_restricts_its_key() => Assert.Equal([SignatureAlgorithm.PS384], VerificationKeys.Read(Changed(Rsa, "alg", "PS384")).Key!.Algorithms);

    [Fact]
    public void An_EC_key_is_identified_only_by_its_required_members()
    {
        var plain = new JsonObject { ["y"] = (string)Ec["y"]!, ["x"] = (string)Ec["x"]!, ["kty"] = "EC", ["crv"] = "P-256" };
        var thumbprint = Base64UrlEncoder.Encode(new JsonWebKey(plain.ToJsonString()).ComputeJwkThumbprint());

        Assert.StartsWith(thumbprint + " ", VerificationKeys.Read(plain).Key!.Identity, StringComparison.Ordinal);
        Assert.StartsWith(thumbprint + " ", VerificationKeys.Read(Ec).Key!.Identity, StringComparison.Ordinal);
        Assert.NotEqual(VerificationKeys.Read(plain).Key!.Identity, VerificationKeys.Read(Ec).Key!.Identity);
    }

    [Theory]
    [InlineData(null, true, false)]
    [InlineData("sig", true, true)]
    [InlineData("enc", false, false)]
    [InlineData("SIG", false, false)]
    public void The_use_member_decides_whether_a_key_verifies(string? use, bool usuallyTaken, bool strictlyTaken)
    {
        var jwk = Changed(Ec, "use", use);

        Assert.Equal(usuallyTaken ? null : SkippedKeyReason.NotForSignature, VerificationKeys.Read(jwk).Reason);
        Assert.Equal(strictlyTaken ? null : SkippedKeyReason.NotForSignature, VerificationKeys.Read(jwk, new KeyReadingSettings(RequireUse: true)).Reason);
    }

    [Theory]
    [InlineData("""["verify"]""", true)]
    [InlineData("""["sign","verify"]""", true)]
    [InlineData("""["sign"]""", false)]
    [InlineData("""["encrypt"]""", false)]
    [InlineData("[]", true)]
    [InlineData("\"verify\"", false)]
    [InlineData("null", true)]
    public void The_key_ops_member_must_allow_verification(string operations, bool taken)
    {
        var jwk = Ec.DeepClone().AsObject();
        jwk["key_ops"] = JsonNode.Parse(operations);

        Assert.Equal(taken ? null : SkippedKeyReason.NotForSignature, VerificationKeys.Read(jwk).Reason);
    }

    [Theory]
    [InlineData("kty", "RSB", nameof(SkippedKeyReason.UnsupportedKeyType))]
    [InlineData("kty", "OCT", nameof(SkippedKeyReason.UnsupportedKeyType))]
    [InlineData("kty", "OKP", nameof(SkippedKeyReason.UnsupportedKeyType))]
    [InlineData("kty", "oct", nameof(SkippedKeyReason.Symmetric))]
    [InlineData("kty", null, nameof(SkippedKeyReason.Malformed))]
    [InlineData("crv", "secp256k1", nameof(SkippedKeyReason.UnsupportedCurve))]
    [InlineData("crv", null, nameof(SkippedKeyReason.UnsupportedCurve))]
    [InlineData("crv", "P-384", nameof(SkippedKeyReason.Malformed))]
    [InlineData("x", "AAAA", nameof(SkippedKeyReason.Malformed))]
    [InlineData("x", "not base64url!", nameof(SkippedKeyReason.Malformed))]
    [InlineData("y", null, nameof(SkippedKeyReason.Malformed))]
    [InlineData("alg", "ES384", nameof(SkippedKeyReason.UnsupportedAlgorithm))]
    [InlineData("alg", "HS256", nameof(SkippedKeyReason.UnsupportedAlgorithm))]
    [InlineData("alg", "none", nameof(SkippedKeyReason.UnsupportedAlgorithm))]
    [InlineData("alg", "es256", nameof(SkippedKeyReason.UnsupportedAlgorithm))]
    [InlineData("d", "AAAA", nameof(SkippedKeyReason.PrivateMaterial))]
    [InlineData("k", "AAAA", nameof(SkippedKeyReason.PrivateMaterial))]
    [InlineData("priv", "AAAA", nameof(SkippedKeyReason.PrivateMaterial))]
    public void An_invalid_member_skips_the_key_with_its_reason(string member, string? value, string reason) =>
        Assert.Equal(reason, VerificationKeys.Read(Changed(Ec, member, value)).Reason.ToString());

    [Theory]
    [InlineData("n", "AQAB", nameof(SkippedKeyReason.KeySize))]
    [InlineData("n", null, nameof(SkippedKeyReason.Malformed))]
    [InlineData("e", "AA", nameof(SkippedKeyReason.Malformed))]
    [InlineData("e", "AQ", nameof(SkippedKeyReason.Malformed))]
    [InlineData("e", "AAAAAQ", nameof(SkippedKeyReason.Malformed))]
    [InlineData("e", "AQAAAAAAAAAB", nameof(SkippedKeyReason.Malformed))]
    [InlineData("e", "Ag", nameof(SkippedKeyReason.Malformed))]
    [InlineData("alg", "ES256", nameof(SkippedKeyReason.UnsupportedAlgorithm))]
    [InlineData("alg", "RSA-OAEP", nameof(SkippedKeyReason.UnsupportedAlgorithm))]
    public void An_invalid_RSA_member_skips_the_key_with_its_reason(string member, string? value, string reason) =>
        Assert.Equal(reason, VerificationKeys.Read(Changed(Rsa, member, value)).Reason.ToString());

    [Theory]
    [InlineData(2040, 0, false)]
    [InlineData(2047, 0, false)]
    [InlineData(2048, 0, true)]
    [InlineData(2048, 1, true)]
    [InlineData(1024, 129, false)]
    [InlineData(2047, 1, false)]
    [InlineData(16384, 0, true)]
    [InlineData(16385, 0, false)]
    [InlineData(16384, 1, true)]
    [InlineData(65536, 0, false)]
    public void An_RSA_modulus_is_measured_in_bits_without_leading_zeros(int bits, int leadingZeros, bool taken)
    {
        var modulus = new byte[((bits + 7) / 8) + leadingZeros];
        modulus[leadingZeros] = (byte)(1 << ((bits - 1) % 8));
        modulus[^1] |= 1;

        Assert.Equal(taken ? null : SkippedKeyReason.KeySize, VerificationKeys.Read(Changed(Rsa, "n", Base64UrlEncoder.Encode(modulus))).Reason);
    }

    [Fact]
    public void A_kid_that_no_token_may_name_skips_the_key()
    {
        Assert.Equal(256, VerificationKeys.Read(Changed(Ec, "kid", new string('k', 256))).Key!.KeyId!.Length);
        Assert.Equal(SkippedKeyReason.Malformed, VerificationKeys.Read(Changed(Ec, "kid", new string('k', 257))).Reason);
    }

    [Fact]
    public void A_point_that_is_not_on_the_curve_skips_the_key() =>
        Assert.Equal(SkippedKeyReason.Malformed, VerificationKeys.Read(Changed(Ec, "y", (string)Ec["x"]!)).Reason);

    private static JsonObject Changed(JsonObject jwk, string member, string? value)
    {
        var changed = jwk.DeepClone().AsObject();
        changed.Remove(member);
        if (value is not null)
            changed[member] = value;
        return changed;
    }
}
