using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JwksAuth.Keys.Reading;

namespace JwksAuth.OwnKeys.Material;

/// <summary>Reads a private key from PEM or PKCS #12. Returns a reason for an unusable key instead of throwing.</summary>
internal static class PrivateKeyReader
{
    public static PrivateKeyReading ReadPem(string text, string? password)
    {
        try
        {
            return PemEncoding.TryFind(text, out _) ? ReadLabelled(text, password) : ReadPkcs8(Convert.FromBase64String(text));
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException or ArgumentException)
        {
            return "is not a readable PEM private key, or its password is wrong";
        }
    }

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
        Keys.Reading.EcCurves.NameOf(parameters.Curve) is null
            ? "is not on one of the curves P-256, P-384 and P-521"
            : new PrivateKeyReading(new EcMaterial(parameters), [], null);

    private static PrivateKeyReading ReadLabelled(string text, string? password)
    {
        string? key = null;
        var certificates = new X509Certificate2Collection();
        try
        {
            for (var rest = text; PemEncoding.TryFind(rest, out var fields); rest = rest[fields.Location.End..])
            {
                var label = rest[fields.Label];
                var block = rest[fields.Location];
                if (label == "CERTIFICATE")
                    certificates.Add(X509Certificate2.CreateFromPem(block));
                else if (label.EndsWith("PRIVATE KEY", StringComparison.Ordinal))
                    key = key is null ? block : throw new FormatException("There is more than one private key.");
            }

            return key is null
                ? "contains no private key: a public key or certificate alone cannot decrypt or sign"
                : WithCertificates(ReadBlock(key, password), certificates);
        }
        finally
        {
            foreach (var certificate in certificates)
                certificate.Dispose();
        }
    }

    private static PrivateKeyReading ReadBlock(string pem, string? password)
    {
        var isEncrypted = pem[PemEncoding.Find(pem).Label] == "ENCRYPTED PRIVATE KEY";
        return ReadRsaOrEc(key =>
        {
            if (isEncrypted)
                key.ImportFromEncryptedPem(pem, password);
            else
                key.ImportFromPem(pem);
        });
    }

    private static PrivateKeyReading ReadPkcs8(byte[] pkcs8) => ReadRsaOrEc(key => key.ImportPkcs8PrivateKey(pkcs8, out _));

    // The label does not name the type of the key; the platform throws when it imports the wrong type.
    private static PrivateKeyReading ReadRsaOrEc(Action<AsymmetricAlgorithm> import)
    {
        using var rsa = RSA.Create();
        using var ec = ECDsa.Create();
        try
        {
            import(rsa);
            return FromRsa(rsa.ExportParameters(true));
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            import(ec);
            return FromEc(ec.ExportParameters(true));
        }
    }

    /// <exception cref="CryptographicException">The private key cannot be exported.</exception>
    public static PrivateKeyReading Read(X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPrivateKey();
        if (rsa is not null)
            return FromRsa(rsa.ExportParameters(true));

        using var ec = certificate.GetECDsaPrivateKey();
        return ec is null ? "is neither an RSA nor an EC key" : FromEc(ec.ExportParameters(true));
    }

    private static PrivateKeyReading WithCertificates(PrivateKeyReading reading, X509Certificate2Collection certificates)
    {
        if (reading.Material is not { } material || certificates.Count == 0)
            return reading;
        if (certificates.FirstOrDefault(certificate => material.IsOf(certificate.PublicKey)) is not { } own)
            return "has certificates, but none of them is for this key";

        // RFC 7517 section 4.7: the certificate of the key first, then its chain.
        return reading with { Certificates = [.. certificates.Where(other => !ReferenceEquals(other, own)).Prepend(own).Select(other => other.RawData)] };
    }
}
