using System.Buffers.Text;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using JwksAuth.Keys;
using JwksAuth.Keys.Reading;

namespace JwksAuth.Tests.Keys.Reading;

/// <summary>Which certificate belongs to a key, and its effect on the key.</summary>
public sealed class CertificateOfKeyTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly RSA _rsa = RSA.Create(2048);

    [Fact]
    public void A_key_is_found_by_the_thumbprints_of_its_first_certificate()
    {
        var certificate = Certify(new PublicKey(_ec));
        using var loaded = X509CertificateLoader.LoadCertificate(certificate);

        var key = VerificationKeys.Read(WithCertificate(Jwk(), certificate)).Key!;

        Assert.Equal([Base64Url.EncodeToString(loaded.GetCertHash()), Base64Url.EncodeToString(SHA256.HashData(certificate))], key.CertificateThumbprints);
    }

    [Fact]
    public void Published_thumbprints_are_known_without_a_certificate()
    {
        var jwk = Jwk();
        (jwk["x5t"], jwk["x5t#S256"]) = ("one", "two");

        Assert.Equal(["one", "two"], VerificationKeys.Read(jwk).Key!.CertificateThumbprints);
        Assert.Empty(VerificationKeys.Read(Jwk()).Key!.CertificateThumbprints);
    }

    [Fact]
    public void The_validity_period_of_a_certificate_applies_only_to_RSA_keys()
    {
        Assert.NotNull(VerificationKeys.Read(WithCertificate(RsaJwk(), Certify(new PublicKey(_rsa)))).Key!.Certificate);
        Assert.Null(VerificationKeys.Read(WithCertificate(Jwk(), Certify(new PublicKey(_ec)))).Key!.Certificate);
    }

    [Fact]
    public void A_certificate_of_the_point_with_the_other_y_skips_the_key()
    {
        var prime = BigInteger.Pow(2, 256) - BigInteger.Pow(2, 224) + BigInteger.Pow(2, 192) + BigInteger.Pow(2, 96) - 1;
        var point = _ec.ExportParameters(false).Q;
        var y = (prime - new BigInteger(point.Y, isUnsigned: true, isBigEndian: true)).ToByteArray(isUnsigned: true, isBigEndian: true);
        var jwk = Jwk();
        jwk["y"] = Base64Url.EncodeToString([.. new byte[32 - y.Length], .. y]);

        Assert.Null(VerificationKeys.Read(jwk).Reason);
        Assert.Equal(SkippedKeyReason.CertificateMismatch, VerificationKeys.Read(WithCertificate(jwk, Certify(new PublicKey(_ec)))).Reason);
    }

    [Fact]
    public void A_certificate_with_an_unreadable_key_skips_the_key()
    {
        var rsa = new PublicKey(new Oid("1.2.840.113549.1.1.1"), new AsnEncodedData([5, 0]), new AsnEncodedData([1, 2, 3]));
        var ec = new PublicKey(new Oid("1.2.840.10045.2.1"), new PublicKey(_ec).EncodedParameters, new AsnEncodedData([1, 2, 3]));

        Assert.Equal(SkippedKeyReason.CertificateMismatch, VerificationKeys.Read(WithCertificate(RsaJwk(), Certify(rsa))).Reason);
        Assert.Equal(SkippedKeyReason.CertificateMismatch, VerificationKeys.Read(WithCertificate(Jwk(), Certify(ec))).Reason);
    }

    [Fact]
    public void A_certificate_of_another_kind_of_key_skips_the_key()
    {
        Assert.Equal(SkippedKeyReason.CertificateMismatch, VerificationKeys.Read(WithCertificate(Jwk(), Certify(new PublicKey(_rsa)))).Reason);
        Assert.Equal(SkippedKeyReason.CertificateMismatch, VerificationKeys.Read(WithCertificate(RsaJwk(), Certify(new PublicKey(_ec)))).Reason);
    }

    [Fact]
    public void A_certificate_that_is_not_a_string_is_ignored() =>
        Assert.Empty(ReadText($$"""{{Jwk().ToJsonString()[..^1]}},"x5c":["\ud800"]}""").Key!.CertificateThumbprints);

    public void Dispose()
    {
        _ec.Dispose();
        _rsa.Dispose();
    }

    private static KeyReading ReadText(string jwk)
    {
        using var json = System.Text.Json.JsonDocument.Parse(jwk);
        return new JwkReader(new KeyReadingSettings(), TimeProvider.System).Read(json.RootElement);
    }

    private static JsonObject WithCertificate(JsonObject jwk, byte[] certificate)
    {
        jwk["x5c"] = new JsonArray(Convert.ToBase64String(certificate));
        return jwk;
    }

    private byte[] Certify(PublicKey key)
    {
        var request = new CertificateRequest(new X500DistinguishedName("CN=Token signing"), key, HashAlgorithmName.SHA256);
        using var certificate = request.Create(
            new X500DistinguishedName("CN=Test authority"), X509SignatureGenerator.CreateForECDsa(_ec), Now.AddHours(-1), Now.AddDays(1), [1, 2, 3, 4]);
        return certificate.RawData;
    }

    private JsonObject Jwk()
    {
        var point = _ec.ExportParameters(false).Q;
        return new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y) };
    }

    private JsonObject RsaJwk()
    {
        var key = _rsa.ExportParameters(false);
        return new JsonObject { ["kty"] = "RSA", ["n"] = Base64Url.EncodeToString(key.Modulus), ["e"] = Base64Url.EncodeToString(key.Exponent) };
    }
}
