using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace JwksAuth.Keys.Reading;

/// <summary>A configured key, or its fault for the operator.</summary>
internal readonly record struct PemReading(VerificationKey? Key, string? Fault);

/// <summary>Reads a public key or certificate from PEM (RFC 7468) or a base64 SubjectPublicKeyInfo. Rejects private keys.</summary>
internal static class PemReader
{
    public static PemReading Read(string text, string? keyId, string? algorithm, DateTimeOffset now)
    {
        try
        {
            var reading = PemEncoding.TryFind(text, out var fields)
                ? ReadLabelled(text, text[fields.Label], keyId, algorithm, now)
                : ReadSubjectPublicKeyInfo(Convert.FromBase64String(text), keyId, algorithm, now);
            return reading is { } found ? Describe(found) : new PemReading(null, "it contains a private key instead of a public key");
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException or ArgumentException)
        {
            return new PemReading(null, "it is not a readable PEM public key or certificate");
        }
    }

    private static KeyReading? ReadLabelled(string text, string label, string? keyId, string? algorithm, DateTimeOffset now)
    {
        switch (label)
        {
            case "CERTIFICATE":
                using (var certificate = X509Certificate2.CreateFromPem(text))
                {
                    var reading = ReadSubjectPublicKeyInfo(certificate.PublicKey.ExportSubjectPublicKeyInfo(), keyId, algorithm, now);
                    reading.Key?.Certificate = CertificateTimes.Of(certificate);
                    return reading;
                }

            case "PUBLIC KEY":
                return ReadSubjectPublicKeyInfo(Convert.FromBase64String(text[PemEncoding.Find(text).Base64Data]), keyId, algorithm, now);
            case "RSA PUBLIC KEY":
                using (var rsa = RSA.Create())
                {
                    rsa.ImportFromPem(text);
                    return KeyMaterial.FromRsa(rsa.ExportParameters(false), keyId, algorithm, now);
                }

            default:
                return label.Contains("PRIVATE KEY", StringComparison.Ordinal) ? null : SkippedKeyReason.UnsupportedKeyType;
        }
    }

    private static KeyReading ReadSubjectPublicKeyInfo(byte[] info, string? keyId, string? algorithm, DateTimeOffset now)
    {
        var publicKey = PublicKey.CreateFromSubjectPublicKeyInfo(info, out _);
        if (publicKey.GetRSAPublicKey() is { } rsa)
        {
            using (rsa)
                return KeyMaterial.FromRsa(rsa.ExportParameters(false), keyId, algorithm, now);
        }

        if (publicKey.GetECDsaPublicKey() is not { } ec)
            return SkippedKeyReason.UnsupportedKeyType;

        using (ec)
        {
            var parameters = ec.ExportParameters(false);
            return KeyMaterial.FromEc(parameters, EcCurves.NameOf(parameters.Curve), keyId, algorithm, now);
        }
    }

    private static PemReading Describe(KeyReading reading) => reading.Reason switch
    {
        null => new PemReading(reading.Key, null),
        SkippedKeyReason.KeySize => new PemReading(null, "its RSA modulus is not between 2048 and 16384 bits"),
        SkippedKeyReason.UnsupportedCurve => new PemReading(null, "its curve is not P-256, P-384 or P-521"),
        SkippedKeyReason.UnsupportedAlgorithm => new PemReading(null, "its algorithm is not supported or does not fit the key"),
        _ => new PemReading(null, "its key type is neither RSA nor EC"),
    };
}
