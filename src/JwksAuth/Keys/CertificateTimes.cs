using System.Security.Cryptography.X509Certificates;

namespace JwksAuth.Keys;

/// <summary>When the certificate of a key is valid.</summary>
internal sealed record CertificateTimes(DateTimeOffset NotBefore, DateTimeOffset NotAfter)
{
    public static CertificateTimes Of(X509Certificate2 certificate) => new(certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());

    // Differences, because a certificate may be valid until the end of all dates (RFC 5280 section 4.1.2.5).
    public bool Contain(DateTimeOffset now, TimeSpan skew) => NotBefore - now <= skew && now - NotAfter <= skew;

    /// <summary>When the certificate ends, the clock skew included.</summary>
    public DateTimeOffset EndWith(TimeSpan skew) => DateTimeOffset.MaxValue - NotAfter < skew ? DateTimeOffset.MaxValue : NotAfter + skew;
}
