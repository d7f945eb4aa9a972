using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using JwksAuth.Foundation.Json;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Keys.Reading;

/// <summary>
/// Checks the <c>x5c</c> of a key (RFC 7517 section 4.7). The key is always read from its own members; the certificate must match it and,
/// if authorities are configured, chain to one of them. An unreadable certificate is ignored unless authorities are configured.
/// </summary>
internal static class CertificateCheck
{
    private const int LongestChain = 10;

    public static SkippedKeyReason? FaultOf(
        JsonElement jwk, VerificationKey key, X509Certificate2Collection? authorities, DateTimeOffset now)
    {
        if (jwk.StatedOrNull("x5c") is not { } chain)
            return authorities is null ? null : SkippedKeyReason.CertificateChain;

        var certificates = new X509Certificate2Collection();
        try
        {
            // An unreadable certificate is ignored if none is required.
            if (authorities is null && !TryLoad(chain, 1, certificates))
                return null;
            if (authorities is not null && (chain.ValueKind != JsonValueKind.Array || chain.GetArrayLength() > LongestChain
                || !TryLoad(chain, LongestChain, certificates)))
                return SkippedKeyReason.CertificateMismatch;
            if (!IsOf(certificates[0], key))
                return SkippedKeyReason.CertificateMismatch;

            // IdentityModel uses the certificate only for RSA keys.
            if (key.KeyType == JsonWebAlgorithmsKeyTypes.RSA)
                key.Certificate = CertificateTimes.Of(certificates[0]);
            return authorities is null || IsTrusted(certificates, authorities, now) ? null : SkippedKeyReason.CertificateChain;
        }
        finally
        {
            foreach (var certificate in certificates)
                certificate.Dispose();
        }
    }

    /// <summary>The thumbprints of the first certificate, as in <c>x5t</c> and <c>x5t#S256</c>; empty if unreadable.</summary>
    public static IEnumerable<string> ThumbprintsOf(JsonElement jwk)
    {
        var certificates = new X509Certificate2Collection();
        if (jwk.StatedOrNull("x5c") is not { } chain || !TryLoad(chain, 1, certificates))
            return [];

        using var certificate = certificates[0];
        return [Base64Url.EncodeToString(certificate.GetCertHash()),
            Base64Url.EncodeToString(certificate.GetCertHash(HashAlgorithmName.SHA256))];
    }

    private static bool TryLoad(JsonElement chain, int most, X509Certificate2Collection certificates)
    {
        if (chain.ValueKind != JsonValueKind.Array)
            return false;

        try
        {
            foreach (var element in chain.EnumerateArray().Take(most))
            {
                if (element.ValueKind != JsonValueKind.String || !element.TryGetBytesFromBase64(out var der))
                    return false;
                certificates.Add(X509CertificateLoader.LoadCertificate(der));
            }

            return true;
        }
        catch (Exception exception) when (exception is CryptographicException or InvalidOperationException)
        {
            // InvalidOperationException: an escaped lone surrogate is valid JSON but not text.
            return false;
        }
    }

    private static bool IsOf(X509Certificate2 certificate, VerificationKey key)
    {
        try
        {
            return key.SecurityKey switch
            {
                RsaSecurityKey rsa => CertifiedKey.Is(certificate.GetRSAPublicKey(), rsa.Parameters),
                ECDsaSecurityKey ec => CertifiedKey.Is(certificate.GetECDsaPublicKey(), ec.ECDsa.ExportParameters(false)),
                _ => false,
            };
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static bool IsTrusted(X509Certificate2Collection certificates, X509Certificate2Collection authorities, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.ExtraStore.AddRange(certificates);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true; // never fetch addresses named in a certificate
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        return chain.Build(certificates[0]);
    }
}
