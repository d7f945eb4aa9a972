using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JwksAuth.Keys.Reading;
using JwksAuth.OwnKeys.Material;

namespace JwksAuth.Issuer.SigningKeys.LifeCycle;

/// <summary>Creates stored keys from platform keys.</summary>
internal static class SigningKeyFactory
{
    private const int ModulusBits = 3072;

    public static IReadOnlyList<string> Algorithms { get; } =
        ["ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];

    /// <param name="keyId">The kid; null for the RFC 7638 thumbprint.</param>
    public static JwksStoredKey Create(string algorithm, string? keyId, DateTimeOffset now)
    {
        using AsymmetricAlgorithm key = algorithm switch
        {
            "ES256" => ECDsa.Create(ECCurve.NamedCurves.nistP256),
            "ES384" => ECDsa.Create(ECCurve.NamedCurves.nistP384),
            "ES512" => ECDsa.Create(ECCurve.NamedCurves.nistP521),
            _ => RSA.Create(ModulusBits),
        };
        var (stored, fault) = FromPem(key.ExportPkcs8PrivateKeyPem(), algorithm, keyId, now);
        return stored ?? throw new ArgumentException($"A new key {fault}.", nameof(algorithm));
    }

    /// <summary>Imports a key; null with the fault, which completes a sentence about the key.</summary>
    /// <param name="pem">The unencrypted private key, with its certificates if it has any.</param>
    /// <param name="algorithm">The algorithm; null for the key's preferred one.</param>
    public static (JwksStoredKey? Key, string? Fault) FromPem(string pem, string? algorithm, string? keyId, DateTimeOffset now)
    {
        var reading = PemKeyReader.Read(pem, password: null);
        if (reading.Material is not { } material)
            return (null, reading.Fault);
        if (algorithm is not null && !material.SignatureAlgorithms.Contains(algorithm))
            return (null, $"cannot sign with {algorithm}; use one of {string.Join(", ", material.SignatureAlgorithms)}");

        var key = new JwksStoredKey
        {
            KeyId = keyId ?? material.Thumbprint,
            State = JwksSigningKeyState.Next,
            Algorithm = algorithm ?? material.SignatureAlgorithms[0],
            Pem = pem,
            CreatedAt = now,
        };
        return (key, null);
    }

    /// <summary>The PEM with its private key decrypted; null if the password is wrong.</summary>
    public static string? Decrypt(string pem, string? password)
    {
        for (var start = 0; PemEncoding.TryFind(pem.AsSpan(start), out var fields); start += fields.Location.End.Value)
        {
            if (pem.AsSpan(start)[fields.Label] is not "ENCRYPTED PRIVATE KEY")
                continue;
            var (from, to) = (start + fields.Location.Start.Value, start + fields.Location.End.Value);
            return DecryptBlock(pem[from..to], password) is { } key ? $"{pem[..from]}{key}{pem[to..]}" : null;
        }

        return pem;
    }

    private static string? DecryptBlock(string block, string? password)
    {
        try
        {
            using var key = PrivateKeyImport.RsaOrEc(key => key.ImportFromEncryptedPem(block, password));
            return key.ExportPkcs8PrivateKeyPem();
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The key and certificates of a PKCS #12 file as PEM; null if it is not one, has no key, or the password is wrong.</summary>
    public static string? ToPem(byte[] pkcs12, string? password)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates = X509CertificateLoader.LoadPkcs12Collection(pkcs12, password, X509KeyStorageFlags.Exportable);
            var owner = certificates.FirstOrDefault(certificate => certificate.HasPrivateKey);
            using AsymmetricAlgorithm? key = (AsymmetricAlgorithm?)owner?.GetECDsaPrivateKey() ?? owner?.GetRSAPrivateKey();
            return key is null ? null : $"{key.ExportPkcs8PrivateKeyPem()}\n{certificates.ExportCertificatePems()}\n";
        }
        catch (CryptographicException)
        {
            return null;
        }
        finally
        {
            foreach (var certificate in certificates)
                certificate.Dispose();
        }
    }
}
