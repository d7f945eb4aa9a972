using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JwksAuth.Keys.Reading;

namespace JwksAuth.OwnKeys.Material;

/// <summary>Reads a private key from PEM (RFC 7468). Returns a reason for an unusable key instead of throwing.</summary>
internal static class PemKeyReader
{
    public static PrivateKeyReading Read(string text, string? password)
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
                : PrivateKeyReader.WithCertificates(ReadBlock(key, password), certificates);
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

    private static PrivateKeyReading ReadRsaOrEc(Action<AsymmetricAlgorithm> import)
    {
        using var key = PrivateKeyImport.RsaOrEc(import);
        return key is RSA rsa
            ? PrivateKeyReader.FromRsa(rsa.ExportParameters(true))
            : PrivateKeyReader.FromEc(((ECDsa)key).ExportParameters(true));
    }
}
