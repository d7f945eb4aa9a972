using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using JwksAuth.Foundation.Json;
using JwksAuth.Tool.CommandLine;

namespace JwksAuth.Tool.Inspect;

/// <summary>Checks the certificate of a key (RFC 7517 sections 4.7 to 4.9), beyond whether it belongs to that key.</summary>
internal static class CertificateFindings
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    public static IEnumerable<Finding> Of(JsonElement jwk, string? keyId, DateTimeOffset now)
    {
        if (jwk.StatedOrNull("x5c") is not { } chain)
            return [];
        if (chain.ValueKind != JsonValueKind.Array)
            return [Unreadable(keyId)];

        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(chain[0].TextOrNull() ?? ""));
            return [.. Of(jwk, keyId, certificate, now)];
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            return [Unreadable(keyId)];
        }
    }

    private static Finding Unreadable(string? keyId) =>
        new(false, keyId, "The certificate (x5c) is unreadable: an API that requires certificates skips the key.");

    private static IEnumerable<Finding> Of(JsonElement jwk, string? keyId, X509Certificate2 certificate, DateTimeOffset now)
    {
        DateTimeOffset notAfter = certificate.NotAfter, notBefore = certificate.NotBefore;
        if (notAfter < now)
            yield return new Finding(false, keyId, $"The certificate expired at {Terminal.Of(notAfter)}.") { At = notAfter };
        else if (notAfter < now + Soon)
            yield return new Finding(false, keyId, $"The certificate expires at {Terminal.Of(notAfter)}.") { At = notAfter };
        if (notBefore > now)
            yield return new Finding(false, keyId, $"The certificate is not valid before {Terminal.Of(notBefore)}.") { At = notBefore };
        foreach (var (member, algorithm) in new[] { ("x5t", HashAlgorithmName.SHA1), ("x5t#S256", HashAlgorithmName.SHA256) })
        {
            if (jwk.StringOrNull(member) is { } thumbprint && thumbprint != Base64Url.EncodeToString(certificate.GetCertHash(algorithm)))
                yield return new Finding(false, keyId, $"{member} is not the thumbprint of the certificate.");
        }
    }
}
