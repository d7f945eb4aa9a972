using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tests.OwnKeys;

/// <summary>Key pairs that are created once, in all formats.</summary>
internal static class TestKeys
{
    public static RSA Rsa { get; } = RSA.Create(2048);

    public static RSA OtherRsa { get; } = RSA.Create(2048);

    public static ECDsa Ec { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static string Pem(AsymmetricAlgorithm key) => key.ExportPkcs8PrivateKeyPem();

    public static string NewEcPem()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Pem(key);
    }

    public static string Thumbprint(AsymmetricAlgorithm key) => Base64UrlEncoder.Encode((key switch
    {
        RSA rsa => new RsaSecurityKey(rsa.ExportParameters(false)),
        ECDsa ec => (SecurityKey)new ECDsaSecurityKey(ec),
        _ => throw new ArgumentException("unknown kind of key", nameof(key)),
    }).ComputeJwkThumbprint());

    /// <summary>The public key as a JWK, with the thumbprint as its kid.</summary>
    public static string PublicJwk(AsymmetricAlgorithm key)
    {
        var jwk = Jwk(key);
        foreach (var member in new[] { "d", "p", "q", "dp", "dq", "qi" })
            jwk.Remove(member);
        return jwk.ToJsonString();
    }

    /// <summary>The key pair as a JWK, with the thumbprint as its kid.</summary>
    public static JsonObject Jwk(AsymmetricAlgorithm key)
    {
        var jwk = new JsonObject { ["kid"] = Thumbprint(key) };
        (string Name, byte[]? Value)[] members;
        if (key is RSA rsa)
        {
            var parameters = rsa.ExportParameters(true);
            jwk["kty"] = "RSA";
            members =
            [
                ("n", parameters.Modulus), ("e", parameters.Exponent), ("d", parameters.D), ("p", parameters.P), ("q", parameters.Q),
                ("dp", parameters.DP), ("dq", parameters.DQ), ("qi", parameters.InverseQ),
            ];
        }
        else
        {
            var parameters = ((ECDsa)key).ExportParameters(true);
            jwk["kty"] = "EC";
            jwk["crv"] = parameters.Curve.Oid.Value switch { "1.3.132.0.34" => "P-384", "1.3.132.0.35" => "P-521", _ => "P-256" };
            members = [("x", parameters.Q.X), ("y", parameters.Q.Y), ("d", parameters.D)];
        }

        foreach (var (name, value) in members)
            jwk[name] = Base64UrlEncoder.Encode(value);
        return jwk;
    }

    public static X509Certificate2 Certify(AsymmetricAlgorithm key)
    {
        var name = new X500DistinguishedName("CN=api.example");
        var request = key is RSA rsa
            ? new CertificateRequest(name, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(name, (ECDsa)key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2036, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }
}
