using System.Security.Cryptography.X509Certificates;

namespace JwksAuth.Keys;

internal sealed record CertificateTimes(DateTimeOffset NotBefore, DateTimeOffset NotAfter)
{
    public static CertificateTimes Of(X509Certificate2 certificate) =>
        new(certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());

    // Subtracts, because a certificate may be valid until the last date of all (RFC 5280 section 4.1.2.5).
    public bool Contain(DateTimeOffset now, TimeSpan skew) => NotBefore - now <= skew && now - NotAfter <= skew;

    /// <summary>The expiry of the certificate plus the clock skew.</summary>
    public DateTimeOffset EndWith(TimeSpan skew) => DateTimeOffset.MaxValue - NotAfter < skew ? DateTimeOffset.MaxValue : NotAfter + skew;
}
