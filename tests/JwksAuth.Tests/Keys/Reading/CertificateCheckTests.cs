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
    public void Read_ChainToAConfiguredAuthority_GivesTheKey() =>
        Assert.NotNull(Read(Certify(_key, _authority), _authority).Set);

    [Fact]
    public void Read_ChainToAnotherAuthority_SkipsTheKey()
    {
        using var otherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = CreateAuthority(otherKey);

        AssertSkipped(SkippedKeyReason.CertificateChain, Read(Certify(_key, other), _authority));
    }

    [Fact]
    public void Read_CertificateOfAnotherKey_SkipsTheKeyEvenWithoutAuthorities()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        AssertSkipped(SkippedKeyReason.CertificateMismatch, Read(Certify(other, _authority), authority: null));
    }

    [Fact]
    public void Read_NoCertificateWhereOneIsRequired_SkipsTheKey() =>
        AssertSkipped(SkippedKeyReason.CertificateChain, Read(certificate: null, _authority));

    [Fact]
    public void Read_NoAuthoritiesConfigured_TakesTheCertificateAsACompanionOnly()
    {
        using var otherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = CreateAuthority(otherKey);

        Assert.NotNull(Read(Certify(_key, other), authority: null).Set);
        Assert.NotNull(Read(certificate: null, authority: null).Set);
    }

    [Fact]
    public void Read_CertificateRanOut_SkipsTheKey()
    {
        var certificate = Certify(_key, _authority);
        _clock.Advance(TimeSpan.FromDays(2));

        AssertSkipped(SkippedKeyReason.CertificateChain, Read(certificate, _authority));
    }

    [Theory]
    [InlineData("""[]""")]
    [InlineData("""["not base64"]""")]
    [InlineData("""["AAAA"]""")]
    [InlineData("""[42]""")]
    [InlineData("""{}""")]
    [InlineData("""null""")]
    public void Read_UnreadableCertificate_SkipsTheKey(string chain)
    {
        var jwk = Jwk();
        jwk["x5c"] = JsonNode.Parse(chain);

        AssertSkipped(SkippedKeyReason.CertificateMismatch, Read(jwk, authority: null));
    }

    [Fact]
    public async Task A_certificate_that_runs_out_ends_its_key_although_the_document_stays_the_same()
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

    private byte[] Certify(ECDsa key, X509Certificate2 authority)
    {
        var request = new CertificateRequest(new X500DistinguishedName("CN=Token signing"), new PublicKey(key), HashAlgorithmName.SHA256);
        using var certificate = request.Create(authority, _clock.GetUtcNow().AddHours(-1), _clock.GetUtcNow().AddDays(1), [1, 2, 3, 4]);
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
        var body = new JsonObject { ["keys"] = new JsonArray(jwk) }.ToJsonString();
        return new JwksReader(settings, _clock).Read(Encoding.UTF8.GetBytes(body), null);
    }
}
