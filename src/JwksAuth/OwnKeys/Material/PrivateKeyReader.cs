using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JwksAuth.Keys.Reading;

namespace JwksAuth.OwnKeys.Material;

/// <summary>Reads a private key from PKCS #12 or parameters. Returns a reason for an unusable key instead of throwing.</summary>
internal static class PrivateKeyReader
{
    public static PrivateKeyReading ReadPkcs12(byte[] bytes, string? password)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates = X509CertificateLoader.LoadPkcs12Collection(bytes, password, X509KeyStorageFlags.Exportable);
            var withKey = certificates.Where(certificate => certificate.HasPrivateKey).ToList();
            if (withKey is not [var own])
                return $"contains {withKey.Count} private keys, but must contain one";

            return WithCertificates(Read(own), certificates);
        }
        catch (CryptographicException)
        {
            return "is not a readable PKCS #12 file, or its password is wrong";
        }
        finally
        {
            foreach (var certificate in certificates)
                certificate.Dispose();
        }
    }

    public static PrivateKeyReading FromRsa(RSAParameters parameters)
    {
        var material = new RsaMaterial(parameters);
        return material.Bits is < KeyMaterial.LeastModulusBits or > KeyMaterial.MostModulusBits
            ? $"has an RSA modulus of {material.Bits} bits: {KeyMaterial.LeastModulusBits} to {KeyMaterial.MostModulusBits} are accepted"
            : new PrivateKeyReading(material, [], null);
    }

    public static PrivateKeyReading FromEc(ECParameters parameters) =>
        EcCurves.NameOf(parameters.Curve) is null
            ? "is not on one of the curves P-256, P-384 and P-521"
            : new PrivateKeyReading(new EcMaterial(parameters), [], null);

    /// <exception cref="CryptographicException">The private key cannot be exported.</exception>
    public static PrivateKeyReading Read(X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPrivateKey();
        if (rsa is not null)
            return FromRsa(rsa.ExportParameters(true));

        using var ec = certificate.GetECDsaPrivateKey();
        return ec is null ? "is neither an RSA nor an EC key" : FromEc(ec.ExportParameters(true));
    }

    public static PrivateKeyReading WithCertificates(PrivateKeyReading reading, X509Certificate2Collection certificates)
    {
        if (reading.Material is not { } material || certificates.Count == 0)
            return reading;
        if (certificates.FirstOrDefault(certificate => material.IsOf(certificate.PublicKey)) is not { } own)
            return "has certificates, but none of them is for this key";

        // RFC 7517 section 4.7: the certificate of the key first, then its chain.
        var chain = certificates.Where(other => !ReferenceEquals(other, own)).Prepend(own);
        return reading with { Certificates = [.. chain.Select(other => other.RawData)] };
    }
}
