using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using JwksAuth.Keys;
using JwksAuth.Keys.Reading;
using JwksAuth.Testing;

namespace JwksAuth.Tests.Keys.Reading;

public sealed class CertificateCheckTests : IDisposable
{
    private readonly FakeClock _clock = new();
    private readonly ECDsa _authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _authority;

    public CertificateCheckTests() => _authority = CreateAuthority(_authorityKey);

    [Fact]
    public void A_chain_to_a_configured_authority_is_accepted() =>
        Assert.NotNull(Read(Certify(_key, _authority), _authority).Set);

    [Fact]
    public void A_chain_to_another_authority_skips_the_key()
    {
        using var otherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = CreateAuthority(otherKey);

        AssertSkipped(SkippedKeyReason.CertificateChain, Read(Certify(_key, other), _authority));
    }

    [Fact]
    public void A_certificate_of_another_key_skips_the_key_even_without_authorities()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        AssertSkipped(SkippedKeyReason.CertificateMismatch, Read(Certify(other, _authority), authority: null));
    }

    [Fact]
    public void A_missing_certificate_skips_the_key_where_one_is_required() =>
        AssertSkipped(SkippedKeyReason.CertificateChain, Read(certificate: null, _authority));

    [Fact]
    public void Without_authorities_a_certificate_is_not_checked_for_trust()
    {
        using var otherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = CreateAuthority(otherKey);

        Assert.NotNull(Read(Certify(_key, other), authority: null).Set);
        Assert.NotNull(Read(certificate: null, authority: null).Set);
    }

    [Fact]
    public void An_expired_certificate_skips_the_key()
    {
        var certificate = Certify(_key, _authority);
        _clock.Advance(TimeSpan.FromDays(2));

        AssertSkipped(SkippedKeyReason.CertificateChain, Read(certificate, _authority));
    }

    public static TheoryData<string> Unreadable => new("""["not base64"]""", """["AAAA"]""", """[42]""", """[null]""", """[""]""", """{}""", "7", "\"AAAA\"");

    [Theory]
    [MemberData(nameof(Unreadable))]
    public void A_key_with_an_unreadable_certificate_is_used_without_it(string chain)
    {
        var jwk = Jwk();
        jwk["x5c"] = JsonNode.Parse(chain);

        Assert.NotNull(Read(jwk, authority: null).Set);
        AssertSkipped(SkippedKeyReason.CertificateMismatch, Read(jwk, _authority));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"\"")]
    public void An_empty_certificate_member_is_missing_where_one_is_required(string chain)
    {
        var jwk = Jwk();
        jwk["x5c"] = JsonNode.Parse(chain);

        Assert.NotNull(Read(jwk, authority: null).Set);
        AssertSkipped(SkippedKeyReason.CertificateChain, Read(jwk, _authority));
    }

    [Fact]
    public void An_unreadable_certificate_after_the_first_matters_only_where_a_chain_is_required()
    {
        var jwk = Jwk();
        jwk["x5c"] = new JsonArray(Convert.ToBase64String(Certify(_key, _authority)), "AAAA");

        Assert.NotNull(Read(jwk, authority: null).Set);
        AssertSkipped(SkippedKeyReason.CertificateMismatch, Read(jwk, _authority));
    }

    [Fact]
    public void More_than_ten_certificates_skip_the_key_where_a_chain_is_required()
    {
        JsonObject Chained(int count)
        {
            var jwk = Jwk();
            jwk["x5c"] = new JsonArray([.. Enumerable.Repeat(Convert.ToBase64String(Certify(_key, _authority)), count).Select(text => (JsonNode?)text)]);
            return jwk;
        }

        Assert.NotNull(Read(Chained(10), _authority).Set);
        AssertSkipped(SkippedKeyReason.CertificateMismatch, Read(Chained(11), _authority));
        Assert.NotNull(Read(Chained(11), authority: null).Set);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_certificate_of_another_RSA_key_skips_the_key(bool hasAuthority)
    {
        using var rsa = RSA.Create(2048);
        using var other = RSA.Create(2048);
        var own = rsa.ExportParameters(false);
        var authority = hasAuthority ? _authority : null;

        Assert.NotNull(Read(RsaJwk(own, Certify(own)), authority).Set);
        AssertSkipped(SkippedKeyReason.CertificateMismatch, Read(RsaJwk(own, Certify(other.ExportParameters(false))), authority));
        AssertSkipped(SkippedKeyReason.CertificateMismatch, Read(RsaJwk(own, Certify(own with { Exponent = [1, 0, 3] })), authority));
        AssertSkipped(SkippedKeyReason.CertificateMismatch, Read(RsaJwk(own, Certify(_key, _authority)), authority));
    }

    [Fact]
    public async Task The_address_of_an_issuer_in_a_certificate_is_never_fetched()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/ca.cer";
        using var intermediateKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var intermediateRequest = new CertificateRequest("CN=Intermediate", intermediateKey, HashAlgorithmName.SHA256);
        intermediateRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var unsigned = intermediateRequest.Create(_authority, _clock.GetUtcNow().AddHours(-1), _clock.GetUtcNow().AddDays(1), [1, 2, 3, 4, 5]);
        using var intermediate = unsigned.CopyWithPrivateKey(intermediateKey);
        var request = new CertificateRequest(new X500DistinguishedName("CN=Token signing"), new PublicKey(_key), HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([], [address]));
        using var certificate = request.Create(intermediate, _clock.GetUtcNow().AddHours(-1), _clock.GetUtcNow().AddHours(1), [1, 2, 3, 4, 6]);

        var reading = await Task.Run(() => Read(certificate.RawData, _authority));

        AssertSkipped(SkippedKeyReason.CertificateChain, reading);
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task A_key_expires_with_its_certificate_even_if_the_document_does_not_change()
    {
        var issuer = FakeSigningKey.Create("ES256", "certified");
        await using var test = await SourceUnderTest.CreateAsync(reading: new KeyReadingSettings(Authorities: [_authority]));
        using var publicKey = ECDsa.Create();
        publicKey.ImportFromPem(issuer.ExportPublicKeyPem());
        var certificate = Certify(publicKey, _authority);
        issuer.CustomizeJwk(jwk => jwk["x5c"] = new JsonArray(Convert.ToBase64String(certificate)));
        test.Issuer.ReplaceAll([issuer]);
        await test.Source.StartAsync(CancellationToken.None);
        Assert.Equal(KeyLookupStatus.Found, test.Find("certified").Status);

        test.Clock.Advance(TimeSpan.FromDays(2));
        var result = await test.Source.RefreshAsync(CancellationToken.None);

        Assert.Equal(JwksRefreshOutcome.Failed, result.Outcome);
        Assert.NotEqual(KeyLookupStatus.Found, test.Find("certified").Status);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _authorityKey.Dispose();
        _key.Dispose();
    }

    private static void AssertSkipped(SkippedKeyReason reason, JwksReading reading)
    {
        Assert.Null(reading.Set);
        Assert.Equal(reason, Assert.Single(reading.Skipped).Reason);
    }

    private X509Certificate2 CreateAuthority(ECDsa key)
    {
        var request = new CertificateRequest("CN=Test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return request.CreateSelfSigned(_clock.GetUtcNow().AddDays(-1), _clock.GetUtcNow().AddYears(10));
    }

    private byte[] Certify(ECDsa key, X509Certificate2 authority) => Certify(new PublicKey(key), authority);

    private byte[] Certify(RSAParameters key)
    {
        using var rsa = RSA.Create(key);
        return Certify(new PublicKey(rsa), _authority);
    }

    private byte[] Certify(PublicKey key, X509Certificate2 authority)
    {
        var request = new CertificateRequest(new X500DistinguishedName("CN=Token signing"), key, HashAlgorithmName.SHA256);
        var generator = X509SignatureGenerator.CreateForECDsa(authority.GetECDsaPrivateKey()!);
        using var certificate = request.Create(authority.SubjectName, generator, _clock.GetUtcNow().AddHours(-1), _clock.GetUtcNow().AddDays(1), [1, 2, 3, 4]);
        return certificate.RawData;
    }

    private JsonObject Jwk()
    {
        var point = _key.ExportParameters(false).Q;
        return new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["x"] = System.Buffers.Text.Base64Url.EncodeToString(point.X),
            ["y"] = System.Buffers.Text.Base64Url.EncodeToString(point.Y),
        };
    }

    private static JsonObject RsaJwk(RSAParameters key, byte[] certificate) => new()
    {
        ["kty"] = "RSA",
        ["n"] = System.Buffers.Text.Base64Url.EncodeToString(key.Modulus),
        ["e"] = System.Buffers.Text.Base64Url.EncodeToString(key.Exponent),
        ["x5c"] = new JsonArray(Convert.ToBase64String(certificate)),
    };

    private JwksReading Read(byte[]? certificate, X509Certificate2? authority)
    {
        var jwk = Jwk();
        if (certificate is not null)
            jwk["x5c"] = new JsonArray(Convert.ToBase64String(certificate));
        return Read(jwk, authority);
    }

    private JwksReading Read(JsonObject jwk, X509Certificate2? authority)
    {
        var settings = new KeyReadingSettings(Authorities: authority is null ? null : [authority]);
        var body = new JsonObject { ["keys"] = new JsonArray(jwk.DeepClone()) }.ToJsonString();
        return new JwksReader(settings, _clock).Read(Encoding.UTF8.GetBytes(body), null);
    }
}
