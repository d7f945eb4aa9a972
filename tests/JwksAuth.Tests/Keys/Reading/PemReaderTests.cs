using System.Security.Cryptography;
using JwksAuth.Keys.Reading;

namespace JwksAuth.Tests.Keys.Reading;

public class PemReaderTests
{
    [Fact]
    public void Each_PEM_form_gives_the_same_key()
    {
        using var rsa = RSA.Create(2048);
        string[] containers =
        [
            rsa.ExportSubjectPublicKeyInfoPem(),
            rsa.ExportRSAPublicKeyPem(),
            Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo()),
        ];

        var identities = containers.Select(text => Read(text).Key?.Identity).Distinct().ToList();

        Assert.NotNull(Assert.Single(identities));
    }

    [Fact]
    public void A_private_key_is_refused_without_being_quoted()
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        foreach (var text in new[] { ec.ExportPkcs8PrivateKeyPem(), ec.ExportECPrivateKeyPem() })
            Assert.Equal("it contains a private key instead of a public key", Read(text).Fault);
    }

    [Fact]
    public void A_weak_key_is_refused()
    {
        using var rsa = RSA.Create(1024);

        Assert.Contains("2048", Read(rsa.ExportSubjectPublicKeyInfoPem()).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void An_algorithm_of_another_family_is_refused()
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var pem = ec.ExportSubjectPublicKeyInfoPem();

        Assert.Equal(["ES384"], Read(pem).Key!.Algorithms.Select(algorithm => algorithm.ToString()));
        Assert.NotNull(Read(pem, "ES256").Fault);
        Assert.NotNull(Read(pem, "HS256").Fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("AAAA")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    public void An_unreadable_PEM_is_a_fault_and_not_an_exception(string text)
    {
        var reading = Read(text);

        Assert.Null(reading.Key);
        Assert.NotNull(reading.Fault);
    }

    private static PemReading Read(string text, string? algorithm = null) => PemReader.Read(text, null, algorithm, DateTimeOffset.UnixEpoch);
}
