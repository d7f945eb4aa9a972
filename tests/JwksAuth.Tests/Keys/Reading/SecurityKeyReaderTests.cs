using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JwksAuth.Keys;
using JwksAuth.Keys.Reading;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tests.Keys.Reading;

/// <summary>Keys that an application created with IdentityModel.</summary>
public sealed class SecurityKeyReaderTests : IDisposable
{
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP384);

    [Fact]
    public void Each_form_of_an_RSA_key_gives_the_same_key()
    {
        using var certificate = new CertificateRequest("CN=issuer", _rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        var parameters = new RsaSecurityKey(_rsa.ExportParameters(false));
        SecurityKey[] keys =
        [
            new RsaSecurityKey(_rsa), parameters, new X509SecurityKey(certificate, "kid"), JsonWebKeyConverter.ConvertFromRSASecurityKey(parameters),
        ];
        foreach (var key in keys)
            key.KeyId = "kid";

        Assert.NotNull(Assert.Single(keys.Select(key => Read(key).Key?.Identity).Distinct()));
    }

    [Fact]
    public void Only_the_public_half_of_a_private_key_is_used()
    {
        var jwk = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(_ec));
        Assert.True(jwk.HasPrivateKey);

        foreach (var key in new SecurityKey[] { jwk, new ECDsaSecurityKey(_ec), new RsaSecurityKey(_rsa.ExportParameters(true)) })
            Assert.NotEqual(PrivateKeyStatus.Exists, ((AsymmetricSecurityKey)Read(key).Key!.SecurityKey).PrivateKeyStatus);
        Assert.Equal([SignatureAlgorithm.ES384], Read(jwk).Key!.Algorithms);
    }

    [Fact]
    public void A_symmetric_key_is_refused_in_each_form()
    {
        var key = new SymmetricSecurityKey(new byte[32]);

        foreach (var form in new SecurityKey[] { key, JsonWebKeyConverter.ConvertFromSymmetricSecurityKey(key) })
            Assert.Contains("symmetric", Read(form).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_weak_key_is_refused()
    {
        using var weak = RSA.Create(1024);

        Assert.Contains("KeySize", Read(new RsaSecurityKey(weak)).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_JWK_that_is_not_for_signatures_is_refused()
    {
        var jwk = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(_rsa.ExportParameters(false)));
        jwk.Use = "enc";
        Assert.Contains("NotForSignature", Read(jwk).Fault, StringComparison.Ordinal);

        jwk.Use = null;
        jwk.KeyOps.Add("wrapKey");
        Assert.Contains("NotForSignature", Read(jwk).Fault, StringComparison.Ordinal);

        jwk.KeyOps.Add("verify");
        Assert.Null(Read(jwk).Fault);
    }

    [Fact]
    public void An_unknown_kind_of_key_is_refused() => Assert.Contains("UnsupportedKeyType", Read(new OtherKey()).Fault, StringComparison.Ordinal);

    public void Dispose()
    {
        _rsa.Dispose();
        _ec.Dispose();
    }

    private static PemReading Read(SecurityKey key) => SecurityKeyReader.Read(key, DateTimeOffset.UnixEpoch);

    private sealed class OtherKey : SecurityKey
    {
        public override int KeySize => 256;
    }
}
